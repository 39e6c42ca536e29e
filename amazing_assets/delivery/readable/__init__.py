"""The warehouse as everybody may read it: a copy, with the lake's tables, names and descriptions.

Belongs here: what is added to the copy, and how it takes the place of the one before.
Does not: what the platform itself reads or writes (`warehouse`, `lake`).
May be imported by the wiring; imports the rooms above `delivery`.
Explained in docs/reading-tables.md.
"""
