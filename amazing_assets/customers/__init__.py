"""Who did it: monthly summaries, and the features made of them."""
