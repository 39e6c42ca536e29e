"""What each customer will do next: sequences, baselines, and the network that must beat them.

Belongs here: the vocabulary, sequences, models of the next action, how they are judged and served.
Does not: how a version is stored and promoted (`models`), segments and churn: those are tables.
May be imported by `delivery`, `demo` and the wiring; imports `customers`, `events` and above only.
Explained in docs/next-actions.md.
"""
