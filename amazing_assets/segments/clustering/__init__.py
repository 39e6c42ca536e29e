"""Ways of grouping customers: one file a kind, one line a family.

Belongs here: clusterings that place any row by itself, and the RFM grid they are measured
against.
Does not: which of them is good (`segments/search`).
May be imported by the rooms below it; imports `behaviour` only.
Explained in docs/adr/0004-a-gaussian-mixture-of-our-own.md.
"""
