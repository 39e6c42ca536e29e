"""The assets of churn: the models of a week, what they say of customers, how good it was.

Belongs here: one file for each kind of step.
Does not: computing (`churn`).
May be imported by `definitions`.
Explained in docs/churn-models.md.
"""
