"""The data and their quality: what came, what was kept, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.delivery.report.blocks import (
    Block,
    Bullets,
    Chart,
    KeyFigures,
    Paragraph,
    Section,
    Table,
)
from amazing_assets.delivery.report.chapters.sourcing import missing, source
from amazing_assets.delivery.report.charts.months import TYPES, events_by_day

if TYPE_CHECKING:
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language

ROWS = ("raw_rows", "rejected_rows", "duplicate_rows", "clean_rows")

# The worst are named; the table holds all of them.
NAMED = 3


def data(tables: ReportTables, language: Language) -> Section:
    """Return the section."""
    title = language.say("data.title")
    if tables.statistics is None:
        return Section("data", title, (missing(language, "statistics"),))
    origin = source(tables, language, "statistics")
    statistics = tables.statistics
    return Section(
        "data",
        title,
        (
            KeyFigures(
                tuple(counted(one(statistics, "quality", item), item, language) for item in ROWS),
                origin,
            ),
            Paragraph(language.say("data.balance")),
            Bullets(tuple(Paragraph(text) for text in oddities(statistics, language))),
            *days(statistics, language, origin),
        ),
    )


def counted(count: float | None, item: str, language: Language) -> tuple[str, str]:
    """Return a number and what it counts."""
    return language.number(count), language.say(f"data.{item}", count=count or 0)


def one(statistics: pl.DataFrame, topic: str, item: str) -> float | None:
    """Return the only figure of an item; None if there is none."""
    rows = statistics.filter(pl.col("topic") == topic, pl.col("item") == item)
    return rows["value"][0] if rows.height else None


def oddities(statistics: pl.DataFrame, language: Language) -> list[str]:
    """Return what is missing or unusual, in sentences."""
    lost = statistics.filter(topic="missing_day")["item"].unique().sort().to_list()
    said = [
        language.say("data.missing_days", count=len(lost), days=", ".join(map(language.day, lost)))
        if lost
        else language.say("data.no_missing_days")
    ]
    outages = wide(statistics, "outage")
    said += [
        language.say(
            "data.outage",
            start=moment(row["item"], language),
            minutes=language.number(row["minutes"]),
        )
        for row in outages.head(NAMED).to_dicts()
    ]
    if outages.height > NAMED:
        said.append(language.say("data.more_outages", count=outages.height - NAMED))
    said += [
        language.say(
            "data.spike",
            day=language.day(row["item"]),
            purchases=language.number(row["purchases"]),
            usual=language.number(row["usual_purchases"]),
        )
        for row in wide(statistics, "spike").head(NAMED).to_dicts()
    ]
    bots = one(statistics, "quality", "bot_suspects")
    if bots:
        said.append(language.say("data.bots", count=bots))
    return said


def wide(statistics: pl.DataFrame, topic: str) -> pl.DataFrame:
    """Return a topic with a column for each measure."""
    rows = statistics.filter(pl.col("topic") == topic)
    if rows.is_empty():
        return pl.DataFrame(schema={"item": pl.String})
    return rows.pivot("measure", index="item", values="value")


def moment(text: str, language: Language) -> str:
    """Return a time such as `2019-10-03 02:15` in words."""
    return f"{language.day(text[:10])} {text[11:16]}".strip()


def days(statistics: pl.DataFrame, language: Language, origin: str) -> list[Block]:
    """Return the picture of events by day."""
    rows = statistics.filter(pl.col("topic") == "day", pl.col("measure").is_in(list(TYPES)))
    if rows.is_empty():
        return []
    daily = rows.select(pl.col("item").str.to_date().alias("day"), "measure", "value")
    sums = daily.group_by("day").agg(pl.col("value").sum()).sort("value", "day")
    low, top = sums.row(0), sums.row(-1)
    caption = language.say("data.days_caption")
    table = rows.pivot("measure", index="item", values="value").sort("item")
    kinds = [kind for kind in TYPES if kind in table.columns and table[kind].sum() > 0]
    return [
        Chart(
            "events-by-day",
            events_by_day(daily, language),
            language.say(
                "data.days_alt",
                top=language.day(str(top[0])),
                events=language.number(top[1]),
                low=language.day(str(low[0])),
                low_events=language.number(low[1]),
            ),
            caption,
            origin,
            Table(
                caption,
                (language.say("data.day"), *(language.say(f"data.{kind}") for kind in kinds)),
                tuple(
                    (language.day(row["item"]), *(language.number(row[kind]) for kind in kinds))
                    for row in table.to_dicts()
                ),
                origin,
            ),
        )
    ]
