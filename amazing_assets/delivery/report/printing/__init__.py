"""From a report to files: a page for the web, a document to print.

Belongs here: templates, style sheets, page setting, writing files atomically.
Does not: what is said.
May be imported by the wiring; imports the report's blocks.
Explained in CONTRIBUTING.md, "A report chapter".
"""
