"""Which grouping holds: candidates, gates, the choice, and what is known of it.

Belongs here: figures that decide, perturbations, cross-validation, settings.
Does not: fitting one family (`segments/clustering`), comparing with a champion
(`segments/training`).
May be imported by the model and the rooms below it.
Explained in docs/adr/0003-evidence-chooses-the-number-of-segments.md.
"""
