"""The month described: volumes, funnel, gaps, prices, visitors, and what is unusual in it.

Belongs here: figures about events, caveats within a month, monitors against earlier months.
Does not: figures about customers or segments, which have rooms of their own.
May be imported by the wiring and by `delivery`; imports `events` and the lake.
Explained in docs/adr/0010-statistics-count-the-month-before-anew.md.
"""
