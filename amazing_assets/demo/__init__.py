"""A small world whose truth is known: its customers, their files, what is planted in them.

Belongs here: generators, the truth beside the files, agreement with it.
Does not: anything that real customers pass through.
May be imported by `commands` and tests.
Explained in README.md.
"""
