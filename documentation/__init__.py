"""The site of the documentation: gathered, made of the code where that is possible, and built."""
