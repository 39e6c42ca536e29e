"""From the lake to a published version: gather, fit, compare, decide, publish.

Belongs here: what only happens when a model is made; the last room of `segments`.
Does not: anything that placing a customer needs.
May be imported by the wiring and `demo`; imports every room of `segments`.
Explained in docs/segment-models.md.
"""
