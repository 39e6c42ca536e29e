"""What a person may ask of us: to be forgotten, to be told, to object; and the proof of it.

Belongs here: erasure, export, objections, retention, the ledger of what was done, papers.
Does not: who is left out while files are read (`lake.left_out`), pseudonyms (`pseudonym`).
May be imported by the wiring; imports the rooms above it on the page.
Explained in docs/how-to/forget.md.
"""
