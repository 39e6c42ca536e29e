"""From how many events on a segment is claimed: an experiment, and the choice.

Belongs here: agreement of parts of a customer's visits, coverage, the choice by code and figures.
Does not: the rule that applies the threshold (`segments/behaviour/population`).
May be imported by `segments/training` and the wiring; imports the model and the rooms above it.
Explained in docs/segment-models.md.
"""
