"""What a segment likes, and when: categories, brands, hours, weekdays, months."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.columns import WEEKDAYS
from amazing_assets.delivery.report.actions import favourites
from amazing_assets.delivery.report.blocks import Block, Chart, Paragraph, Table
from amazing_assets.delivery.report.charts.months import clock
from amazing_assets.delivery.report.figures import wide
from amazing_assets.segments.contract import POPULATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amazing_assets.delivery.report.segments import Segment
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language

LISTED = 5


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
    return [Paragraph("", lead=language.say("page.tastes")), *lists, note]


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


def moments(tables: ReportTables, language: Language, segment: Segment, origin: str) -> list[Block]:
    """Return the hours, weekdays and, if there are several, months of the segment."""
    hours, days = (beside_usual(tables, topic, segment) for topic in ("hour", "weekday"))
    if not hours["value"].count() or not days["value"].count():
        return []
    number = pl.col("item").replace_strict(WEEKDAYS, range(7), return_dtype=pl.Int8)
    days = called(days.sort(number), weekdays(language))
    seasons = months(tables, language, segment)
    liked = favourites(tables, segment)
    caption = language.say("page.hours_caption", name=segment.label)
    told = [(f"{row['item']}:00", row) for row in hours.to_dicts()]
    told += [(row["full"], row) for panel in (days, seasons) for row in panel.to_dicts()]
    return [
        Paragraph("", lead=language.say("page.hours")),
        Chart(
            f"{segment.key}-clock",
            clock(hours, days, seasons, segment.colour, language),
            language.say(
                "page.hours_alt",
                hour=str(int(liked["hour"])),
                weekday=dict(days.select("item", "full").iter_rows())[liked["weekday"]],
            ),
            caption,
            origin,
            shares_table(told, language, (caption, "page.moment"), origin),
        ),
        *gaps(seasons, language),
    ]


def weekdays(language: Language) -> dict[str, tuple[str, str]]:
    """Return what a reader calls each weekday, in full and in short."""
    numbered = enumerate(WEEKDAYS)
    return {name: (language.weekday(i), language.short_weekday(i)) for i, name in numbered}


def called(rows: pl.DataFrame, names: Mapping[str, tuple[str, str]]) -> pl.DataFrame:
    """Return rows with `full` and `label`, what a reader calls each item, in full and in short."""
    spoken = {"full": 0, "label": 1}
    return rows.with_columns(
        pl.Series(name, [names[item][part] for item in rows["item"]], dtype=pl.String)
        for name, part in spoken.items()
    )


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


def months(tables: ReportTables, language: Language, segment: Segment) -> pl.DataFrame:
    """Return the months of the segment beside those of all; no rows where there is only one."""
    rows = beside_usual(tables, "season", segment)
    several = rows["value"].count() > 1  # one month has no season
    names = {item: (language.month(item), language.short_month(item)) for item in rows["item"]}
    return called(rows.filter(several), names)


def gaps(months: pl.DataFrame, language: Language) -> list[Block]:
    """Return why some months are not shown: without a word a gap reads as nobody."""
    hidden = {
        "page.season_hidden": months.filter(pl.col("value").is_null())["full"].to_list(),
        "page.usual_hidden": months.filter(pl.col("usual").is_null())["full"].to_list(),
    }
    return [
        Paragraph(language.say(key, months=", ".join(names)))
        for key, names in hidden.items()
        if names
    ]
