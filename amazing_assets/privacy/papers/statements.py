"""Statements, and what holds them: a setting, a contract or a test; else the controller decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.delivery.report.blocks import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amazing_assets.delivery.report.blocks import Block
    from amazing_assets.language.language import Language

# Behind it a long name may be broken; it takes no room.
_BREAK = "\N{ZERO WIDTH SPACE}"


class Source(NamedTuple):
    """What holds a statement.

    Attributes:
        kind: `setting`, `contract` or `test`.
        name: Of the variable, the table, or the test as `privacy/test_erasure.py::test_...`.
    """

    kind: str
    name: str


class Statement(NamedTuple):
    """A sentence of a document, under `papers.<chapter>.<name>`.

    Attributes:
        name: Its own.
        sources: What holds it; nothing: the platform cannot, and the controller decides.
    """

    name: str
    sources: tuple[Source, ...] = ()


class Chapter(NamedTuple):
    """Statements under a title."""

    name: str
    statements: tuple[Statement, ...]


def setting(name: str) -> Source:
    """Return a variable of the environment."""
    return Source("setting", name)


def contract(table: str) -> Source:
    """Return the contract of a table."""
    return Source("contract", table)


def proven(file: str, test: str) -> Source:
    """Return a test, by its file and its name without `test_`."""
    return Source("test", f"{file}::test_{test}")


def told(chapter: Chapter, values: Mapping[str, str], language: Language) -> Table:
    """Return the statements of a chapter as a table: about what, what is so, what holds it."""
    rows = (
        (
            language.say(f"papers.{chapter.name}.{each.name}.lead"),
            language.say(f"papers.{chapter.name}.{each.name}", **values),
            held_by(each.sources, language),
        )
        for each in chapter.statements
    )
    return words(language, "papers.table", _HEADER, tuple(rows))


_HEADER = ("about", "statement", "held_by")


def words(
    language: Language,
    caption: str,
    header: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    source: str = "",
) -> Table:
    """Return a table of words under the heads of the catalogue."""
    heads = tuple(language.say(f"papers.column.{name}") for name in header)
    broken = tuple(tuple(map(breakable, row)) for row in rows)
    return Table(language.say(caption), heads, broken, source, words=len(heads))


def held_by(sources: Sequence[Source], language: Language) -> str:
    """Return what holds a statement, in words."""
    if not sources:
        return language.say("papers.open")
    return " · ".join(language.say(f"papers.{each.kind}", name=each.name) for each in sources)


def undecided(chapters: Sequence[Chapter], language: Language) -> list[str]:
    """Return about what the controller has to decide, as the chapters say."""
    return [
        language.say(f"papers.{chapter.name}.{each.name}.lead")
        for chapter in chapters
        for each in chapter.statements
        if not each.sources
    ]


def breakable(text: str) -> str:
    """Return a text whose long names may be broken at the end of a line."""
    for mark in ("_", "/", "::"):
        text = text.replace(mark, f"{mark}{_BREAK}")
    return text


def chapters_told(
    chapters: Sequence[Chapter], values: Mapping[str, str], language: Language
) -> list[tuple[str, str, tuple[Block, ...]]]:
    """Return of each chapter its key, its title and its table."""
    return [
        (
            each.name,
            language.say(f"papers.{each.name}.title"),
            (told(each, values, language),),
        )
        for each in chapters
    ]
