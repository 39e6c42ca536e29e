"""What starts runs by itself: landing, automation, schedules, drift, staleness; and who is told.

Belongs here: sensors, schedules, conditions, jobs, with the incident that shaped each.
Does not: what the runs do (`defs/assets`).
May be imported by `definitions`; conditions by `defs/assets`.
Explained in docs/adr/0009-a-month-without-files-is-left-empty.md.
"""
