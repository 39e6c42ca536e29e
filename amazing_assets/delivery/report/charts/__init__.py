"""The charts of the report: from frames to specifications.

Belongs here: marks, scales, colours.
Does not: captions and sources, which are the chapters'.
May be imported by chapters; imports Altair at first use.
Explained in docs/adr/0008-one-module-draws-pictures.md.
"""
