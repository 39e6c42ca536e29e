"""Thin adapters: from settings to the plain objects that the library works with.

Belongs here: the lake, the landing zone, the warehouse, the models, whom alerts reach.
Does not: behaviour; an adapter hands out the library's object.
May be imported by `defs`; secrets are read at run time and never shown.
Explained in deploy/dagster.yaml and docs/settings.md.
"""
