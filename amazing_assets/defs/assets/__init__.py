"""A file or folder a group: the assets, as the graph shows them.

Belongs here: declarations, docstrings for marketers, metadata.
Does not: computing; how tables are published (`defs/tables`).
May be imported by `definitions` and `defs/triggers`.
Explained in CONTRIBUTING.md, "A table".
"""
