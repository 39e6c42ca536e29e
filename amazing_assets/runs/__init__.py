"""How Dagster is started, planned and watched from outside of a page.

Belongs here: the instance of a home, plans, execution in this process, `amazing dev`, the
launcher.
Does not: what is printed (`commands`), what assets do (`defs`).
May be imported by `commands`; imports `defs` and `definitions`.
Explained in docs/usage.md.
"""
