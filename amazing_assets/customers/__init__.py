"""Who did it: summaries that add up, features of each customer, as of any day.

Belongs here: the contracts, the three summaries, the columns and families of features.
Does not: what is concluded from features (`segments`).
May be imported by the rooms below it on the page; imports `events` and the lake.
Explained in docs/adr/0007-seven-months-of-history.md.
"""
