"""Would chance make these segments? The answer of the first page, and the picture behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.delivery.report.blocks import Block, Chart, Paragraph, Table
from amazing_assets.delivery.report.chapters.sourcing import source
from amazing_assets.delivery.report.charts.chance import beside_chance
from amazing_assets.delivery.report.segments import segments_of
from amazing_assets.segments.search.contract import AGREEMENT

if TYPE_CHECKING:
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language


def answer(tables: ReportTables, language: Language) -> str:
    """Return the answer in two sentences; empty where no segments were found by a search."""
    if tables.validation is None or tables.validation.is_empty():
        return ""
    known = tables.validation.filter(pl.col("segment").is_null(), measure=AGREEMENT)
    if known.is_empty():
        return language.say("chance.unmeasured")
    (figures,) = known.select("value", "by_chance").rows()
    return language.say("chance.no", **written(figures, language))


def picture(tables: ReportTables, language: Language) -> list[Block]:
    """Return how each segment is found again, beside what chance makes of it."""
    if tables.validation is None:
        return []
    rows = named(tables, language).join(
        tables.validation.filter(measure=AGREEMENT),
        on="segment",
        nulls_equal=True,
        maintain_order="left",
    )
    if rows.is_empty():
        return []
    caption, origin = language.say("chance.caption"), source(tables, language, "validation")
    header = ("column.segment", "chance.again", "chance.by_chance", "validation.required")
    figures = Table(
        caption,
        tuple(map(language.say, header)),
        tuple(
            (name, *(language.number(figure, 2) for figure in found))
            for name, *found in rows.select("name", "value", "by_chance", "required").iter_rows()
        ),
        origin,
    )
    weakest = rows.slice(1).sort(pl.col("value") - pl.col("by_chance")).head(1)
    told = written(weakest.select("value", "by_chance").row(0), language)
    return [
        Paragraph(language.say("chance.how", name=weakest["name"][0], **told)),
        Chart(
            "beside-chance",
            beside_chance(rows, language),
            language.say("chance.alt"),
            caption,
            origin,
            figures,
        ),
    ]


def named(tables: ReportTables, language: Language) -> pl.DataFrame:
    """Return `segment`, `name` and `colour`: of all customers, then of each segment."""
    shown = [(each.number, each.label, each.colour) for each in segments_of(tables, language)]
    everybody = (None, language.say("chance.everybody"), None)
    schema = {"segment": pl.Int64, "name": pl.String, "colour": pl.String}
    return pl.DataFrame([everybody, *shown], schema=schema, orient="row")


def written(figures: tuple[float, float], language: Language) -> dict[str, str]:
    """Return a figure and that of chance in words of a sentence."""
    real, dealt = figures
    return {"again": language.number(real, 2), "dealt": language.number(dealt, 2)}
