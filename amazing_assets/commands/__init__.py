"""What `amazing` does when it is told something: one file a topic, registered in `cli`.

Belongs here: the arguments of a command, the order of its steps, what it prints.
Does not: anything that an asset or another program could use (the rooms above), Dagster (`runs`).
May be imported by `cli`, which does it by import path: a command that is not run costs nothing.
Explained in docs/usage.md.
"""
