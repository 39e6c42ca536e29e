"""What several commands are asked for in the same words."""

from typing import Annotated, Literal

from cyclopts import Parameter

from amazing_assets.dates import is_month, months_between
from amazing_assets.errors import PlainError, UsageError, quoted

Months = Annotated[str, Parameter(help="A month, or a range such as 2019-10:2020-04.")]
Json = Annotated[bool, Parameter(help="Print JSON for programs.", negative="")]
Seed = Annotated[int, Parameter(help="The same seed makes the same world, byte by byte.")]
Difficulty = Annotated[
    Literal["easy", "real"], Parameter(help="Whether the personas are far apart or overlap.")
]


class CommandError(PlainError):
    """A command cannot do what it was asked; the message is the sentence to print."""


def months_of(text: str) -> tuple[str, ...]:
    """Return the months of a range such as `2019-10:2020-04`, or of one month.

    Raises:
        UsageError: It is neither.
    """
    first, _, last = text.partition(":")
    last = last or first
    if not (is_month(first) and is_month(last) and first <= last):
        raise UsageError(f"{text} is no range of months; write it like 2019-10:2020-04.")
    return months_between(first, last)


def one_month(text: str) -> str:
    """Return a month as it was given.

    Raises:
        UsageError: It is none.
    """
    if not is_month(text):
        raise UsageError(f"{quoted(text)} is no month; write it like 2019-10.")
    return text
