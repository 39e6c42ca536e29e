"""The assets of the segments: the model, its evidence, and the months it placed.

Belongs here: `model`, `evidence`, `months`.
Does not: computing (`segments`).
May be imported by `definitions`.
Explained in docs/segment-models.md.
"""
