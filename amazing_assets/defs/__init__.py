"""The wiring: everything Dagster, and nothing else.

Belongs here: assets, checks, partitions, triggers, resources.
Does not: arithmetic; an asset gathers its inputs, calls one function and returns its result.
May be imported by `definitions`, `runs` and `commands`; imports every room of the library.
Explained in CONTRIBUTING.md, "The wall".
"""
