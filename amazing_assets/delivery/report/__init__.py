"""The report that marketing and the board read: frames in, HTML and PDF out."""
