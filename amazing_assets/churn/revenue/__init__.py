"""What each customer is expected to buy and to spend in the next eight weeks, week by week.

Belongs here: past weeks with what was spent after them, the boosted challenger, which of the two
models serves, how it is kept and told.
Does not: the models of purchases themselves (`churn.value`), who is at risk (`churn.risk`).
May be imported by `churn` and the rooms below it on the page; imports the rest of `churn`.
Explained in docs/customer-value.md.
"""
