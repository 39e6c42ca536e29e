"""The report that marketing and the board read, in French and English.

Belongs here: which chapters there are, how figures become paragraphs, charts and tables.
Does not: sentences (`language`), computing anything new.
May be imported by the wiring; imports `language` and contracts.
Explained in CONTRIBUTING.md, "A report chapter".
"""
