"""How every sentence to a person is written, in French and in English.

Belongs here: sentences under keys, numbers, months and plurals as a language writes them.
Does not: figures and codes themselves, which the rooms below hand in; pages and their order
(`delivery`).
May be imported by everybody; imports nothing but dates.
Explained in docs/language.md.
"""
