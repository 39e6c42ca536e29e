"""Who moved from segment to segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.dates import add_months, first_day, month_of
from amazing_assets.delivery.report.blocks import Chart, Notice, Paragraph, Section, Table
from amazing_assets.delivery.report.chapters.sourcing import source
from amazing_assets.delivery.report.charts.sankey import sankey
from amazing_assets.delivery.report.segments import elsewhere, segments_of

if TYPE_CHECKING:
    from amazing_assets.delivery.report.segments import Segment
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language

# The largest arrivals and departures of a segment that are named.
NAMED = 3


def migrations(tables: ReportTables, language: Language) -> Section:
    """Return the section of all movements."""
    title = language.say("move.title")
    if tables.migrations is None:
        return Section("migrations", title, (Notice(language.say("move.none")),))
    table = tables.migrations
    before = month_of(add_months(first_day(tables.month), -1))
    months = (language.month(before), language.month(tables.month))
    caption = language.say("move.caption", before=months[0], now=months[1])
    origin = source(tables, language, "migrations")
    known = labelled(tables, table, language)
    shown = known.drop_nulls("users")
    if shown.is_empty():
        return Section("migrations", title, (Notice(language.say("move.hidden")),))
    chart = sankey(
        shown.select("source", "target", "users"),
        (totals(known, "source", "share_of_from"), totals(known, "target", "share_of_to")),
        colours(tables, table, language),
        (months[0], months[1]),
    )
    header = tuple(language.say(f"move.{name}") for name in ("from", "to", "users", "share"))
    rows = tuple(
        (
            row["source"],
            row["target"],
            language.number(row["users"]),
            language.share(row["share_of_from"]),
        )
        for row in shown.to_dicts()
    )
    return Section(
        "migrations",
        title,
        (
            Paragraph(stayed_sentence(table, language)),
            Chart(
                "migrations",
                chart,
                told(known, table, language, months[0]),
                caption,
                origin,
                Table(caption, header, rows, origin, words=2),
            ),
            Paragraph(language.say("move.note")),
        ),
    )


def labelled(tables: ReportTables, table: pl.DataFrame, language: Language) -> pl.DataFrame:
    """Return the moves with `source` and `target` as a reader knows them."""
    ends = {"source": places(tables, table, "from", language)}
    ends["target"] = places(tables, table, "to", language)
    labels = {end: [each.label for each in found] for end, found in ends.items()}
    return table.with_columns(
        pl.Series(end, found, dtype=pl.String) for end, found in labels.items()
    )


def places(
    tables: ReportTables, table: pl.DataFrame, side: str, language: Language
) -> list[Segment]:
    """Return where each move begins (`from`) or ends (`to`)."""
    known = {(each.number, each.name): each for each in segments_of(tables, language)}
    pairs = table.select(f"{side}_segment", f"{side}_name").iter_rows()
    return [
        known.get((number, code)) or elsewhere(number, code, tables, language)
        for number, code in pairs
    ]


def colours(tables: ReportTables, table: pl.DataFrame, language: Language) -> dict[str, str]:
    """Return the colour of each label, the segments in order."""
    found = {each for side in ("from", "to") for each in places(tables, table, side, language)}
    ranked = sorted(found, key=lambda each: (each.number is None, each.number or 0, each.name))
    return {each.label: each.colour for each in ranked}


def totals(known: pl.DataFrame, side: str, share: str) -> dict[str, float]:
    """Return the customers of each label, hidden moves included, in the table's order."""
    sizes = (
        known.drop_nulls("users")
        .group_by(side, maintain_order=True)
        .agg((pl.col("users") / pl.col(share)).first())
    )
    order = {label: i for i, label in enumerate(known[side].unique(maintain_order=True))}
    return dict(sorted(sizes.iter_rows(), key=lambda row: order[row[0]]))


def staying(table: pl.DataFrame) -> tuple[float, float] | None:
    """Return the customers who stayed where they were, and those who were there; None: hidden."""
    same = table.filter(pl.col("from_segment") == pl.col("to_segment")).drop_nulls("users")
    if same.is_empty():
        return None
    there = (same["users"] / same["share_of_from"]).sum()
    return float(same["users"].sum()), float(there)


def stayed_share(table: pl.DataFrame, language: Language) -> str:
    """Return which part of the segments' customers stayed."""
    found = staying(table)
    return language.share(found[0] / found[1] if found else None)


def stayed_sentence(table: pl.DataFrame, language: Language) -> str:
    """Return the same as a sentence."""
    return language.say("summary.stay", share=stayed_share(table, language))


def greatest_move(tables: ReportTables, language: Language) -> list[str]:
    """Return the largest move between two segments as a sentence, if any may be told."""
    if tables.migrations is None:
        return []
    largest = largest_move(labelled(tables, tables.migrations, language))
    return [
        language.say("summary.moved", source=a, target=b, users=language.number(users))
        for a, b, users in largest.select("source", "target", "users").iter_rows()
    ]


def largest_move(known: pl.DataFrame) -> pl.DataFrame:
    """Return the row of the largest move between two segments; no row where none may be told."""
    between = known.filter(pl.col("from_segment") != pl.col("to_segment")).drop_nulls("users")
    return between.sort("users", "source", descending=[True, False]).head(1)


def told(known: pl.DataFrame, table: pl.DataFrame, language: Language, before: str) -> str:
    """Return the picture in words."""
    stayed = stayed_share(table, language)
    largest = largest_move(known)
    if largest.is_empty():
        return language.say("move.alt_still", stayed=stayed, before=before)
    top = largest.row(0, named=True)
    return language.say(
        "move.alt",
        stayed=stayed,
        before=before,
        source=top["source"],
        target=top["target"],
        users=language.number(top["users"]),
    )


def comings_and_goings(
    tables: ReportTables, language: Language, segment: Segment
) -> tuple[Paragraph, ...]:
    """Return who stayed in a segment, who came and who left."""
    if tables.migrations is None:
        return (Paragraph(language.say("move.none")),)
    known = labelled(tables, tables.migrations, language).drop_nulls("users")
    here = (pl.col("from_segment") == segment.number).fill_null(False)
    there = (pl.col("to_segment") == segment.number).fill_null(False)
    stayed = known.filter(here & there)
    said = [language.say("page.stayed", share=language.share(s)) for s in stayed["share_of_from"]]
    for key, rows, other in (
        ("page.came", known.filter(there & ~here), "source"),
        ("page.left", known.filter(here & ~there), "target"),
    ):
        largest = rows.sort("users", other, descending=[True, False]).head(NAMED)
        if largest.height:
            named = ", ".join(
                language.say("page.move", name=name, users=language.number(users))
                for name, users in largest.select(other, "users").iter_rows()
            )
            said.append(language.say(key, moves=named))
    return tuple(map(Paragraph, said or [language.say("page.no_moves")]))
