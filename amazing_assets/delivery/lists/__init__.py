"""Customers as files for a campaign: of a week or of a segment; and what the campaign brought.

Belongs here: ranking and cutting lists, marking who is held out, writing them, reading them back.
Does not: probabilities and values (`churn`), segments (`segments`), who is drawn (`churn.holdout`).
May be imported by the wiring; imports the rooms above `delivery` on the page.
Explained in docs/contact-lists.md.
"""
