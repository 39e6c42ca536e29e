"""The one base of every error that is a whole sentence for a person.

A command prints it and ends, a run fails with it: a traceback would only hide what it says.

And the one way in which such a sentence quotes what somebody else wrote.
"""

import re
from itertools import accumulate


class PlainError(Exception):
    """What cannot be done, why, and what to do about it, in a sentence that needs no traceback."""


class UsageError(PlainError):
    """What was asked for is no month, no selection, no customer: the sentence shows an example."""


# They are letters or marks to Unicode and still leave nothing, or a gap, on a screen.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)

# How Python holds a byte of a name or an argument that is no UTF-8.
_BYTES = range(0xDC80, 0xDD00)


def quoted(text: object, longest: int = 80) -> str:
    r"""Return what a file, a name or a person says so that a terminal or a page only shows it.

    Without quotation marks. What is not seen as a character of its own is written as Python writes
    it: `\n`, `\x1b`, `\u202e`, a byte that is no UTF-8 as `\xff`. A backslash stays as it is, so
    this is for reading, not for reading back.

    Args:
        text: A string, bytes, a path; of anything else what `str` makes of it.
        longest: Most characters that are returned, the ellipsis included.
    """
    whole = text.decode(errors="surrogateescape") if isinstance(text, bytes) else str(text)
    shown = [_shown(character) for character in whole[: longest + 1]]
    if sum(map(len, shown)) <= longest:
        return "".join(shown)
    # An escape is never cut in two.
    kept = sum(length < longest for length in accumulate(map(len, shown)))
    return "".join(shown[:kept]) + "…"


def _shown(character: str) -> str:
    if ord(character) in _BYTES:
        return f"\\x{ord(character) - 0xDC00:02x}"
    if character.isprintable() and not _INVISIBLE.match(character):
        return character
    return character.encode("unicode_escape").decode()
