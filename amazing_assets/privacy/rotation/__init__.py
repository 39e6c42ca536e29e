"""The pseudonym key is replaced: every customer is known by another number, and by no earlier one.

Belongs here: the pairs of numbers, what is renamed by them, the pass that can be killed.
Does not: what a key is (`pseudonym`), whose a lake is (`lake.key`).
May be imported by the wiring; imports the rooms above it on the page.
Explained in docs/adr/0030-a-new-key-renames-rows-by-the-ids-of-files.md.
"""
