"""The assets of the next actions: what was done in a month, the model, who does what next.

Belongs here: one file for each kind of step.
Does not: computing (`next_actions`).
May be imported by `definitions`.
Explained in docs/next-actions.md.
"""
