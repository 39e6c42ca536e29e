"""What arrives: files with names that say a month, in a folder or a bucket.

Belongs here: which files there are, which are still growing, which nobody will read.
Does not: what is written in them (`events/reading`), starting runs (`defs/triggers`).
May be imported by `events`, `demo` and the wiring; imports the ground floor and the lake.
Explained in docs/usage.md.
"""
