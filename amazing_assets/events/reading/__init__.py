"""From lines of a file to typed rows, or to rejects that say why.

Belongs here: formats, headers, quotes, times, blocks, masks, ids that a spreadsheet destroyed.
Does not: judging what a month looks like (`events/statistics`), copies (`events/clean`).
May be imported by `events` and the wiring; imports the lake and the landing zone.
Explained in docs/event-files.md.
"""
