"""Who was contacted when, and by which campaign: a table from outside that nobody has to deliver.

Belongs here: reading its files, its contract, the family that tells the customer view of it.
Does not: who is to be contacted (`churn`).
May be imported by `customers.view` and the rooms below `customers` on the page.
Explained in docs/outside-tables.md.
"""
