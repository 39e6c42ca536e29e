"""What every table goes through: declared, audited at the door, published, shown.

Belongs here: one declaration per kind of table, blocking and warning checks, metadata.
Does not: any particular table.
May be imported by `defs/assets`.
Explained in CONTRIBUTING.md, "A table".
"""
