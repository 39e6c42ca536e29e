"""What arrives: event files, named after their month."""
