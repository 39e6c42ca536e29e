"""How long what is kept lives, and how it goes when its life is over.

Belongs here: the rule, and what it means to tables, models and files.
Does not: runs, which are Dagster's (`defs/triggers/history`); what a person asks for (above).
May be imported by the wiring; imports the room above it.
Explained in docs/how-to/retention.md.
"""
