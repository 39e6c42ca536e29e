"""What a segment likes, and when: categories, brands, hours, weekdays, months."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.columns import WEEKDAYS
from amazing_assets.delivery.report.actions import favourites
from amazing_assets.delivery.report.blocks import Beside, Block, Chart, Paragraph, Table
from amazing_assets.delivery.report.charts.months import clock, seasons
from amazing_assets.delivery.report.figures import wide
from amazing_assets.segments.contract import POPULATION

if TYPE_CHECKING:
    from amazing_assets.delivery.report.segments import Segment
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language

LISTED = 6


def category(name: str, language: Language) -> str:
    """Return a category as a reader sees it; one that the catalogue does not know, as it is."""
    key = f"category.{name}"
    return language.say(key) if language.knows(key) else name.replace("_", " ")


def tastes(tables: ReportTables, language: Language, segment: Segment, origin: str) -> list[Block]:
    """Return the categories and brands that the segment looks at most."""
    lists: list[Table] = []
    for topic in ("category", "brand"):
        rows = wide(tables, topic, segment.name)
        if "event_share" not in rows.columns:
            continue
        top = rows.drop_nulls("event_share").sort("event_share", descending=True).head(LISTED)
        if top.is_empty():
            continue
        header = (f"page.{topic}", "page.share", "page.lift")
        lists.append(
            Table(
                language.say(f"page.{topic}_caption"),
                tuple(language.say(key) for key in header),
                tuple(
                    (
                        category(row["item"], language) if topic == "category" else row["item"],
                        language.share(row["event_share"]),
                        language.number(row.get("lift"), 1),
                    )
                    for row in top.to_dicts()
                ),
                origin,
            )
        )
    if not lists:
        return []
    note = Paragraph(language.say("page.tastes_note"))
    return [Paragraph("", lead=language.say("page.tastes")), Beside(tuple(lists)), note]


def beside_usual(tables: ReportTables, topic: str, segment: Segment) -> pl.DataFrame:
    """Return `item`, `value` and `usual`: shares of events of segment and population."""
    mine, usual = (
        wide(tables, topic, name).select("item", "event_share")
        if wide(tables, topic, name).height
        else pl.DataFrame(schema={"item": pl.String, "event_share": pl.Float64})
        for name in (segment.name, POPULATION)
    )
    return (
        usual.rename({"event_share": "usual"})
        .join(mine.rename({"event_share": "value"}), on="item", how="left")
        .sort("item")
    )


def habits(tables: ReportTables, language: Language, segment: Segment, origin: str) -> list[Block]:
    """Return the hours and weekdays of the segment."""
    hours, days = (beside_usual(tables, topic, segment) for topic in ("hour", "weekday"))
    if not hours["value"].count() or not days["value"].count():
        return []
    number = pl.col("item").replace_strict(WEEKDAYS, range(7), return_dtype=pl.Int8)
    full, short = (
        {name: written(i) for i, name in enumerate(WEEKDAYS)}
        for written in (language.weekday, language.short_weekday)
    )
    days = days.sort(number).with_columns(
        full=pl.col("item").replace_strict(full), label=pl.col("item").replace_strict(short)
    )
    liked = favourites(tables, segment)
    caption = language.say("page.hours_caption", name=segment.label)
    moments = [(f"{row['item']}:00", row) for row in hours.to_dicts()]
    moments += [(row["full"], row) for row in days.to_dicts()]
    return [
        Paragraph("", lead=language.say("page.hours")),
        Chart(
            f"{segment.key}-clock",
            clock(hours, days, segment.colour, language),
            language.say(
                "page.hours_alt",
                hour=str(int(liked["hour"])),
                weekday=full[liked["weekday"]],
            ),
            caption,
            origin,
            shares_table(moments, language, (caption, "page.moment"), origin),
        ),
    ]


def shares_table(
    rows: list[tuple[str, dict[str, float | None]]],
    language: Language,
    titles: tuple[str, str],
    origin: str,
) -> Table:
    """Return shares of the segment beside those of the population."""
    hidden = language.say("hidden")
    return Table(
        titles[0],
        tuple(language.say(key) for key in (titles[1], "page.share", "page.usual")),
        tuple(
            (
                label,
                *(
                    hidden if row[name] is None else language.share(row[name])
                    for name in ("value", "usual")
                ),
            )
            for label, row in rows
        ),
        origin,
    )


def months(tables: ReportTables, language: Language, segment: Segment, origin: str) -> list[Block]:
    """Return the seasons of the segment, if there are several months."""
    rows = beside_usual(tables, "season", segment)
    if rows["value"].count() < 2:  # noqa: PLR2004  one month has no season
        return []
    caption = language.say("page.season_caption", name=segment.label)
    named = [(language.month(row["item"]), row) for row in rows.to_dicts()]
    short = rows.with_columns(item=pl.Series([language.short_month(m) for m in rows["item"]]))
    top = rows.drop_nulls("value").sort("value", "item", descending=[True, False])["item"][0]
    return [
        Chart(
            f"{segment.key}-months",
            seasons(short, segment.colour, language),
            language.say("page.season_alt", month=language.month(top)),
            caption,
            origin,
            shares_table(named, language, (caption, "page.month"), origin),
        ),
        *gaps(named, language),
    ]


def gaps(months: list[tuple[str, dict[str, float | None]]], language: Language) -> list[Block]:
    """Return why some months are not shown: without a word a gap reads as nobody."""
    hidden = {
        "page.season_hidden": [name for name, row in months if row["value"] is None],
        "page.usual_hidden": [name for name, row in months if row["usual"] is None],
    }
    return [
        Paragraph(language.say(key, months=", ".join(names)))
        for key, names in hidden.items()
        if names
    ]
