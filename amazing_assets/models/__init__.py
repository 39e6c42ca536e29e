"""What every model goes through, whichever it is: stored, versioned, compared, promoted, watched.

Belongs here: the store, its format, versions, the one decision about promotion, drift measures.
Does not: any model of ours; what makes one good is said in its own room (`segments`).
May be imported by rooms that hold models and by the wiring; imports the ground floor only.
Explained in docs/segment-models.md.
"""
