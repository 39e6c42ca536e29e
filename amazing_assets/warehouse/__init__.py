"""Where results are queried: a table per asset, in one schema.

Belongs here: reading tables and their partitions, whatever database holds them.
Does not: tables cut by customer (`lake`), what Dagster writes (`defs/resources`).
May be imported by rooms that read results and by the wiring; imports the ground floor only.
Explained in README.md, "Tables".
"""
