"""The single customer view: what is known of every customer at any reference date.

Belongs here: the history of a date, of whole months and a part of one; every family as of it.
Does not: the families themselves (`customers/features`), what is concluded from them.
May be imported by the rooms below `customers` on the page; imports the rest of `customers`.
Explained in docs/customer-view.md.
"""
