"""Which group a customer belongs to: found in behaviour, proved stable, named, or not claimed.

Belongs here: the model that places customers, and the rooms that find, prove, name and tell it.
Does not: what any model goes through (`models`), pages for readers (`delivery/report`).
Its rooms keep the order of CONTRIBUTING.md; may be imported by `delivery`, `demo` and the wiring.
Explained in docs/segment-models.md.
"""
