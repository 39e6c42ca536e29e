"""Numbers and names that last from one training to the next.

Belongs here: which animal a group is, and which new group continues which old segment.
Does not: words for readers (`language`).
May be imported by the rooms below it; imports `behaviour` and `clustering`.
Explained in docs/segment-models.md.
"""
