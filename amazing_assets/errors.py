"""The one base of every error that is a whole sentence for a person.

A command prints it and ends, a run fails with it: a traceback would only hide what it says.
"""


class PlainError(Exception):
    """What cannot be done, why, and what to do about it, in a sentence that needs no traceback."""


class UsageError(PlainError):
    """What was asked for is no month, no selection, no customer: the sentence shows an example."""
