"""A file a family: how customers differ, each family independent of every other.

Belongs here: pure functions from a history to one row per customer, listed in `families`.
Does not: summaries and prices (`customers`), choices of what a model reads
(`segments/behaviour`).
May be imported by `customers`; families import `history` and never each other.
Explained in CONTRIBUTING.md, "A feature family".
"""
