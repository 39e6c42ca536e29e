"""How customers are seen: who is eligible, which columns describe behaviour, on which scale.

Belongs here: representations learnt from train customers alone, and their steps.
Does not: any way of grouping (`segments/clustering`).
May be imported by all rooms of `segments`; imports its contract only.
Explained in docs/adr/0002-ratios-are-smoothed-in-the-model.md.
"""
