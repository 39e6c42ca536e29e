"""Sentences by key, read from a `.po` file and compiled in memory.

Nothing is compiled when the package is built: a process that says something pays 45 ms once, most
of them to import Babel, and 6 ms for a second language (docs/adr/0012).
"""

from __future__ import annotations

from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from pathlib import Path


class UnknownSentenceError(LookupError):
    """A key that a catalogue does not have; a fault of ours, not of whoever reads it."""


class _Refusal(NullTranslations):
    """What is asked for a key that the catalogue lacks; gettext itself would print the key."""

    def __init__(self, catalogue: str) -> None:
        super().__init__()
        self._catalogue = catalogue

    def gettext(self, message: str) -> NoReturn:
        raise UnknownSentenceError(f"{self._catalogue} has no sentence {message!r}.")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> NoReturn:
        del msgid2, n
        raise UnknownSentenceError(
            f"{self._catalogue} has no sentence {msgid1!r} with forms for one and for several."
        )


def read_catalogue(file: Path) -> GNUTranslations:
    """Return the sentences of a catalogue; one that it lacks raises `UnknownSentenceError`."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415  35 ms, and most commands say nothing
    from babel.messages.pofile import read_po  # noqa: PLC0415  as above

    compiled = BytesIO()
    with file.open("rb") as written:
        write_mo(compiled, read_po(written, abort_invalid=True))
    compiled.seek(0)
    sentences = GNUTranslations(compiled)
    sentences.add_fallback(_Refusal(file.name))
    return sentences
