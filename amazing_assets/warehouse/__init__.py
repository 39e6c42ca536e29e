"""Where results are queried: a table per asset, in one schema.

Belongs here: reading and writing tables and their partitions, whatever database holds them.
Does not: tables cut by customer (`lake`), how Dagster hands rows over (`defs/resources`).
May be imported by rooms that read results and by the wiring; imports the ground floor only.
Explained in docs/how-to/warehouse-on-a-server.md.
"""
