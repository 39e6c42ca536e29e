"""The model told as rules: a small tree that copies it, and how well it does.

Belongs here: trees, fidelity, rules as intervals of features.
Does not: the rules in words (`language`).
May be imported by `segments/training` and the wiring; imports the model and the rooms above it.
Explained in docs/segment-models.md.
"""
