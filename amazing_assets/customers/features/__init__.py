"""What is known of a customer: one file per family, each independent of the others."""
