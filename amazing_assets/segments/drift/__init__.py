"""Are customers still what they were when the model was fitted?

Belongs here: the reference kept with a model, and a month held against it.
Does not: the measures themselves (`models/drift`), training anew (`defs/triggers`).
May be imported by `segments/training` and the wiring; imports the model and the rooms above it.
Explained in docs/segment-models.md.
"""
