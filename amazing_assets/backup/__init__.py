"""A home in one file, and a home of that file again.

Belongs here: what of a home is kept, how it is written whole, verified, and put back.
Does not: whether runs are under way (`commands`), tables, models and keys themselves.
May be imported by the wiring; imports the ground floor and the stores only.
Explained in docs/how-to/operate.md, "Back up and restore".
"""
