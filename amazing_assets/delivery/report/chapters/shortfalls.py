"""What a report does not have to tell, said on its first page instead of in blanks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.dates import HISTORY
from amazing_assets.delivery.report.blocks import Notice
from amazing_assets.delivery.report.figures import months_behind
from amazing_assets.delivery.report.segments import is_shown
from amazing_assets.segments.clustering.rfm import RULES
from amazing_assets.segments.contract import UNDIFFERENTIATED
from amazing_assets.segments.search.contract import CHANCE_GATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amazing_assets.delivery.report.segments import Segment
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language

# What speaks for segments that were found; of what stands in for them there is nothing to prove.
EVIDENCE = (
    "candidates",
    "validation",
    "features",
    "assigners",
    "surrogate",
    "confusion",
    "roc",
    "rules",
)

_GRID = frozenset(rule.code for rule in RULES)


def shortfalls(
    tables: ReportTables, language: Language, segments: Sequence[Segment]
) -> Iterator[Notice]:
    """Yield what is missing, and why."""
    if stand_in(segments) == "grid" and failed_by_chance(tables):
        yield Notice(language.say("summary.by_chance"))
    yield from short_history(tables, language)
    yield from unmeasured(tables, language)
    hidden = [each.label for each in segments if not is_shown(tables, each)]
    if hidden:
        yield Notice(language.say("summary.hidden", names=", ".join(hidden)))
    left_out = EVIDENCE if is_without_evidence(tables, segments) else ()
    missing = [name for field, name in tables.absent.items() if field not in left_out]
    if missing:
        yield Notice(language.say("summary.missing", tables=", ".join(missing)))


def failed_by_chance(tables: ReportTables) -> bool:
    """Whether chance would have made segments that were found, which is why none are told."""
    if tables.candidates is None:
        return False
    missed = tables.candidates["failed_gates"].drop_nulls().str.split(", ")
    return bool(missed.list.contains(CHANCE_GATE).any())


def short_history(tables: ReportTables, language: Language) -> Iterator[Notice]:
    """Yield a notice where fewer months lie behind the figures than they are made for."""
    months = len(months_behind(tables))
    if 0 < months < HISTORY:
        yield Notice(language.say("summary.short", count=months, wanted=language.number(HISTORY)))


def unmeasured(tables: ReportTables, language: Language) -> Iterator[Notice]:
    """Yield the gates of the chosen segments that nobody has measured; chance has its own words."""
    names = [name for name in unmeasured_gates(tables) if name != CHANCE_GATE]
    if names:
        told = ", ".join(language.say(f"missed.{name}") for name in names)
        yield Notice(language.say("summary.unmeasured", gates=told))


def unmeasured_gates(tables: ReportTables) -> list[str]:
    """Return the gates of the chosen segments that nobody has measured."""
    if tables.candidates is None:
        return []
    open_gates = tables.candidates.filter("chosen")["unmeasured_gates"].drop_nulls()
    return [name for gates in open_gates for name in gates.split(", ")]


def stand_in(segments: Sequence[Segment]) -> str | None:
    """Return what stands in for segments: `nobody`, `one_group`, `grid`; None: they were found."""
    names = {each.name for each in segments}
    if not names:
        return "nobody"
    if names == {UNDIFFERENTIATED}:
        return "one_group"
    return "grid" if names <= _GRID else None


def is_without_evidence(tables: ReportTables, segments: Sequence[Segment]) -> bool:
    """Whether nothing was compared, for there was nothing to compare."""
    nothing = all(getattr(tables, name) is None for name in EVIDENCE)
    return nothing and stand_in(segments) is not None
