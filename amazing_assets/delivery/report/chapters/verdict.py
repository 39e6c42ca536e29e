"""One verdict on whether the segments can be relied on, and the reasons against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.dates import HISTORY
from amazing_assets.delivery.report.blocks import Verdict
from amazing_assets.delivery.report.chapters.chance import answer
from amazing_assets.delivery.report.chapters.drift import worst_level
from amazing_assets.delivery.report.chapters.shortfalls import stand_in, unmeasured_gates
from amazing_assets.delivery.report.figures import months_behind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amazing_assets.delivery.report.segments import Segment
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language


def verdict(tables: ReportTables, language: Language, segments: Sequence[Segment]) -> Verdict:
    """Return whether the segments can be relied on: yes, with care, or no; and why."""
    if standing_in := stand_in(segments):
        return Verdict("no", language.say("verdict.no"), language.say(f"summary.{standing_in}"))
    doubts = [language.say(f"verdict.{name}") for name in reservations(tables)]
    found_again = answer(tables, language)
    if doubts:
        told = language.say("verdict.because", reasons="; ".join(doubts))
        return Verdict("care", language.say("verdict.care"), f"{told} {found_again}".strip())
    return Verdict("yes", language.say("verdict.yes"), found_again)


def reservations(tables: ReportTables) -> Iterator[str]:
    """Yield what speaks against relying on segments that were found."""
    if 0 < len(months_behind(tables)) < HISTORY:
        yield "short"
    if tables.candidates is None or any(unmeasured_gates(tables)):
        yield "unmeasured"
    level = worst_level(tables)
    if level is None:
        yield "not_compared"
    elif level != "ok":
        yield level
