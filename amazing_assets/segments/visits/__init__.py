"""Customers by their visits: watched on some of them, and as chance would have dealt them.

Belongs here: every second visit, the null world in which visits change hands, samples of both.
Does not: what a candidate makes of them (`segments/search`), the threshold (`segments/threshold`).
May be imported by `segments/search`, the model and the rooms below it; imports customers, events
and the lake.
Explained in docs/segment-models.md.
"""
