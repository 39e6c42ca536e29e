"""A file a chapter, under the reader's word for it.

Belongs here: functions from tables and a language to a section.
Does not: drawing (`charts`), page setting (`printing`), sentences (`language`).
May be imported by `report` only; chapters share `sourcing`.
Explained in CONTRIBUTING.md, "A report chapter".
"""
