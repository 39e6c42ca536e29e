"""What customers will buy and spend, by models of the moments at which they bought.

Belongs here: summaries of purchases, the law of when they return, the law of what they spend, and
what follows from both for the weeks to come.
Does not: who is at risk (`churn.risk`).
May be imported by `churn` and the rooms below it on the page; imports the ground floor and scipy.
Explained in docs/churn-models.md.
"""
