"""What happened: event files read, cleaned and described."""
