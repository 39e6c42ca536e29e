"""What a data protection officer asks for, written from contracts, settings and tests.

Belongs here: which statements there are, what holds each of them, and the five documents.
Does not: sentences (`language`), type and paper (`delivery/report/printing`).
May be imported by the wiring; imports the rooms above it on the page.
Explained in docs/how-to/papers.md.
"""
