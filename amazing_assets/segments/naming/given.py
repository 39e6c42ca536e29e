"""Names that people give to segments, by the segment's number, in every language.

Kept in one small file beside the models and not in a version of them: a number is the segment's own
through every refit and is never given to another one, so that its name follows it, past months
included. Where the numbers begin anew, the names go.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.errors import PlainError, quoted
from amazing_assets.segments.naming.words import called

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from amazing_assets.language.language import Language
    from amazing_assets.segments.naming.codes import Name

# Status of a name that a person gave, beside those of `segments.contract`.
BY_A_PERSON = "given"

_FILE = "segment_names.json"

# What a page, a document, a chart and a terminal show as it is written; a label has little room.
_LONGEST = 30
_ALLOWED = re.compile(r"[^\W\d_](?:[^\W_]|[ '\N{RIGHT SINGLE QUOTATION MARK}.,+-])*")


class NamingError(PlainError):
    """A segment cannot be called so; the message is the sentence to tell."""


class Given(NamedTuple):
    """What a person calls a segment.

    Attributes:
        french: In French.
        english: In English, and in languages that have no name of their own.
        by: The person.
        day: When, as `2019-10-31`.
    """

    french: str
    english: str
    by: str
    day: str

    def word(self, language: Language) -> str:
        """Return the name in a language."""
        return self.french if language.code == "fr" else self.english


GivenNames = dict[int, Given]


def given_names(models: Path) -> GivenNames:
    """Return the names that people gave, by the segment's number; none where none were.

    Args:
        models: The folder of the models.
    """
    file = models / _FILE
    if not file.exists():
        return {}
    return {int(number): Given(**held) for number, held in json.loads(file.read_text()).items()}


def give_name(models: Path, number: int, given: Given) -> None:
    """Call a segment by a name from now on.

    Raises:
        NamingError: It is none that everything can show, another segment has it, or nobody says
            who gives it.
    """
    known = given_names(models)
    for name in (given.french, given.english):
        _refuse(name)
        _refuse_taken(name, {other: held for other, held in known.items() if other != number})
    if not given.by.strip():
        raise NamingError(f"Say with --by who calls segment {number} {given.french}.")
    _write(models, {**known, number: given})


def take_back(models: Path, number: int) -> None:
    """Call a segment again as the platform does.

    Raises:
        NamingError: Nobody gave it a name.
    """
    known = given_names(models)
    if number not in known:
        raise NamingError(f"Nobody has given segment {number} a name that could be taken back.")
    _write(models, {other: given for other, given in known.items() if other != number})


def forget_names(models: Path) -> None:
    """Forget all names: the numbers that they belong to begin anew."""
    (models / _FILE).unlink(missing_ok=True)


def called_today(
    number: int | None, name: Name, language: Language, given: Mapping[int, Given]
) -> str:
    """Return what a reader knows a segment by: as a person calls it, else by its own name."""
    found = None if number is None else given.get(number)
    return found.word(language) if found else called(name, language)


def _refuse(name: str) -> None:
    if len(name) > _LONGEST or not _ALLOWED.fullmatch(name):
        raise NamingError(
            f"{quoted(name)} is no name that charts and pages can show; use at most {_LONGEST} "
            f"letters, digits, spaces and - ' . , + and begin with a letter."
        )


def _refuse_taken(name: str, others: Mapping[int, Given]) -> None:
    for number, held in others.items():
        if name.casefold() in {held.french.casefold(), held.english.casefold()}:
            raise NamingError(f"Segment {number} is called {name} already; give another name.")


def _write(models: Path, names: Mapping[int, Given]) -> None:
    models.mkdir(parents=True, exist_ok=True)
    held = {str(number): given._asdict() for number, given in sorted(names.items())}
    making = models / f".{_FILE}"
    making.write_text(json.dumps(held, ensure_ascii=False, indent=2))
    making.replace(models / _FILE)
