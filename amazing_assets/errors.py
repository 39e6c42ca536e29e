"""One base for every error that is a whole sentence for a person."""


class PlainError(Exception):
    """What went wrong and what to do, in a sentence to print: a traceback would only hide it."""
