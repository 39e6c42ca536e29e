"""Who they are in a month: sizes, habits, tastes, places on the map; and who moved.

Belongs here: figures of segments with small cells hidden.
Does not: finding or placing anybody; charts for the report (`delivery/report/charts`).
May be imported by the wiring; imports `behaviour` and `clustering`.
Explained in docs/usage.md.
"""
