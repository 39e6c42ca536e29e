"""Who pauses, who leaves, who comes back, and what customers will be worth.

Belongs here: outcomes and when they are known, models of them and of future purchases, what both
say of a customer each week, and how good it was.
Does not: what is known of a customer at a reference date (`customers`), how versions of a model
are kept and promoted (`models`).
May be imported by the rooms below it on the page, not by `segments` and `next_actions`; what it
needs of them arrives as a table. Imports `customers` and the rooms above.
Explained in docs/churn-models.md.
"""
