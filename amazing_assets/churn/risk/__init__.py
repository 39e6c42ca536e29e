"""How likely customers are to pause, to leave or to come back: models and how they are judged.

Belongs here: what models read, candidates and baselines, the weeks by which they are fitted,
calibrated and tested, probes for what cannot be known, the search, the gate.
Does not: outcomes (`churn.outcomes`), what customers will spend (`churn.value`).
May be imported by `churn` and the rooms below it on the page; imports `customers` and `models`.
Explained in docs/churn-models.md.
"""
