"""From how many events on a segment is claimed, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.delivery.report.blocks import Block, Chart, Paragraph, Section, Table
from amazing_assets.delivery.report.chapters.sourcing import missing, source
from amazing_assets.delivery.report.charts.model import curves
from amazing_assets.segments.threshold.choice import LEAST_KAPPA, chosen
from amazing_assets.segments.threshold.words import why

if TYPE_CHECKING:
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language

KEPT = ("users_kept", "events_kept", "revenue_kept")


def threshold(tables: ReportTables, language: Language) -> Section:
    """Return the section."""
    title, about = language.say("threshold.title"), Paragraph(language.say("threshold.why"))
    if tables.threshold is None:
        return Section("threshold", title, (about, missing(language, "threshold")), apart=False)
    return Section(
        "threshold",
        title,
        (
            about,
            *verdict(tables.threshold, language),
            *agreement(tables, tables.threshold, chosen(tables.threshold).events, language),
            *coverage(tables, tables.threshold, language),
        ),
    )


def verdict(table: pl.DataFrame, language: Language) -> list[Block]:
    """Return the threshold that was chosen, and why in words."""
    choice = chosen(table)
    lead = language.say("threshold.chosen", count=choice.events)
    return [Paragraph(why(choice, language), lead=lead)]


def agreement(
    tables: ReportTables, table: pl.DataFrame, events: int, language: Language
) -> list[Block]:
    """Return how well two halves of a history agree, by events in both; the choice is marked.

    The table counts events in a half, the threshold those of a customer: 8 of one are 16 of the
    other, and a reader who compares the two must find one number.
    """
    kappa = table.filter(experiment="test_retest", measure="kappa").drop_nulls("value")
    rows = kappa.sort("at_least").select(
        events=2 * pl.col("at_least").clip(1),
        name=pl.lit(language.say("threshold.kappa")),
        value="value",
    )
    return drawn(tables, language, "agreement", rows, (events, LEAST_KAPPA))


def coverage(tables: ReportTables, table: pl.DataFrame, language: Language) -> list[Block]:
    """Return which part of customers, events and revenue each threshold keeps."""
    names = {measure: language.say(f"threshold.{measure}") for measure in KEPT}
    kept = table.filter(pl.col("experiment") == "coverage", pl.col("measure").is_in(KEPT))
    rows = (
        kept.drop_nulls("value")
        .sort("at_least")
        .select(events="at_least", name=pl.col("measure").replace_strict(names), value="value")
    )
    return drawn(tables, language, "coverage", rows, None)


def drawn(
    tables: ReportTables,
    language: Language,
    key: str,
    rows: pl.DataFrame,
    wanted: tuple[int, float] | None,
) -> list[Block]:
    """Return a curve over events, with its table."""
    if rows.is_empty():
        return []
    caption = language.say(f"threshold.{key}_caption")
    events, origin = language.say("threshold.events"), source(tables, language, "threshold")
    wide = rows.pivot("name", index="events", values="value", maintain_order=True)
    named = [name for name in wide.columns if name != "events"]
    told = tuple(
        (language.number(row["events"]), *(language.share(row[name]) for name in named))
        for row in wide.to_dicts()
    )
    low, high = rows["events"].min(), rows["events"].max()
    values = rows["value"]
    alt = language.say(
        "threshold.alt",
        low=low,
        high=high,
        least=language.share(values.min()),  # type: ignore[arg-type]  # floats
        most=language.share(values.max()),  # type: ignore[arg-type]  # floats
    )
    return [
        Chart(
            f"threshold-{key}",
            curves(rows, events, wanted),
            alt,
            caption,
            origin,
            Table(caption, (events, *named), told, origin),
        )
    ]
