"""What leaves the house: reports and alerts.

Belongs here: everything that a reader outside the platform receives.
Does not: figures (`segments`, `events`), tables for queries (`warehouse`).
May be imported by the wiring; imports the rooms above it on the page.
Explained in docs/usage.md.
"""
