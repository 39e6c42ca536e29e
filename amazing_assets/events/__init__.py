"""What happened: one row per thing a customer did, read, cleaned and described.

Belongs here: the contracts of event tables, cleaning, and the rooms `reading` and `statistics`.
Does not: anything counted per customer (`customers`).
May be imported by the rooms below it on the page; imports the lake and the landing zone.
Explained in docs/adr/0001-sessions-by-clock-hour.md.
"""
