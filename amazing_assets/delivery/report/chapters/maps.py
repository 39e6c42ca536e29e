"""Where the chosen segments lie: on the map, in the cube, on the heat map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.delivery.report.blocks import Block, Chart, Paragraph, Table
from amazing_assets.delivery.report.chapters.segment import signed
from amazing_assets.delivery.report.chapters.sourcing import source
from amazing_assets.delivery.report.charts.cube import cube
from amazing_assets.delivery.report.charts.segments import heat_map, plane
from amazing_assets.delivery.report.features import ON_THE_HEAT_MAP
from amazing_assets.delivery.report.figures import figures, value
from amazing_assets.segments.contract import POPULATION

if TYPE_CHECKING:
    from amazing_assets.delivery.report.segments import Segment
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language

SCORES = ("recency", "frequency", "money")

# What rounds to more than nought on the heat map.
VISIBLE = 0.05


def on_the_plane(tables: ReportTables, language: Language, segments: list[Segment]) -> list[Block]:
    """Return the map of the segments."""
    rows = figures(tables, "map").drop_nulls("value")
    places = rows.filter(pl.col("segment").is_not_null())
    if places.is_empty():
        return []
    wide = places.pivot("measure", index="segment", values="value").sort("segment")
    shown = [value(tables, POPULATION, "map", f"{axis}_variance_shown") or 0.0 for axis in "xy"]
    side = value(tables, POPULATION, "map", "square") or 1.0
    middle = pl.col("item").str.split(" ")
    squares = (
        figures(tables, "map_cell")
        .drop_nulls("value")
        .select(
            "segment",
            "value",
            x=middle.list.first().cast(pl.Float64),
            y=middle.list.last().cast(pl.Float64),
            side=pl.lit(side),
        )
        # Of several segments in one square, the one with most customers there colours it.
        .sort("value", "segment", descending=[True, False])
        .unique(["x", "y"], keep="first", maintain_order=True)
    )
    titles = tuple(
        language.say("choice.axis", number=i + 1, share=language.share(share))
        for i, share in enumerate(shown)
    )
    origin, caption = source(tables, language, "profiles"), language.say("choice.map_caption")
    names = {each.number: each.label for each in segments}
    table = tuple(
        (
            names[row["segment"]],
            *(language.number(row[name], 2) for name in ("x", "y", "x_sd", "y_sd")),
        )
        for row in wide.to_dicts()
    )
    header = (language.say("column.segment"), "x", "y", "\u00b1 x", "\u00b1 y")
    return [
        Chart(
            "map",
            plane(wide, squares, segments, (titles[0], titles[1])),
            language.say("choice.map_alt", shown=language.share(sum(shown))),
            caption,
            origin,
            Table(caption, header, table, origin),
        ),
        Paragraph(language.say("choice.map_note")),
    ]


def in_the_cube(tables: ReportTables, language: Language, segments: list[Segment]) -> list[Block]:
    """Return the segments by recency, frequency and money."""
    rows = figures(tables, "rfm").drop_nulls("value").filter(pl.col("segment").is_not_null())
    if rows.is_empty():
        return []
    scores = rows.pivot("item", index=["segment", "users"], values="value").sort("segment")
    parts = pl.col("item").str.split("-")
    cells = (
        figures(tables, "rfm_cell")
        .drop_nulls("value")
        .filter(pl.col("segment").is_not_null())
        .select(
            "segment",
            "value",
            **{n: parts.list.get(i).cast(pl.Int64) for i, n in enumerate(SCORES)},
        )
    )
    names = {each.number: each.label for each in segments}
    titles = [language.say(f"rfm.{name}") for name in SCORES]
    best = {name: names[scores.sort(name)["segment"][-1]] for name in SCORES}
    origin, caption = source(tables, language, "profiles"), language.say("choice.rfm_caption")
    table = tuple(
        (
            names[row["segment"]],
            *(language.number(row[name], 2) for name in SCORES),
            language.number(row["users"]),
        )
        for row in scores.to_dicts()
    )
    header = (language.say("column.segment"), *titles, language.say("column.users"))
    return [
        Chart(
            "rfm",
            cube(scores, cells, segments, titles),
            language.say("choice.rfm_alt", **best),
            caption,
            origin,
            Table(caption, header, table, origin),
        ),
        Paragraph(language.say("choice.rfm_note")),
    ]


def on_the_heat_map(
    tables: ReportTables, language: Language, segments: list[Segment]
) -> list[Block]:
    """Return how far each segment is from the population in each feature."""
    labels = {each.name: language.say(f"feature.{each.name}") for each in ON_THE_HEAT_MAP}
    names = {each.number: each.label for each in segments}
    standings = (
        figures(tables, "feature")
        .filter(pl.col("segment").is_not_null(), pl.col("item").is_in(list(labels)), measure="z")
        .drop_nulls("value")
        # A shop without removals, say: a row of zeros tells nothing.
        .filter(pl.col("value").abs().max().over("item") >= VISIBLE)
    )
    if standings.is_empty():
        return []
    cells = standings.select(
        feature=pl.col("item").replace_strict(labels),
        segment=pl.col("segment").replace_strict(names, return_dtype=pl.String),
        z="value",
        shown=pl.Series([language.number(z, 1) for z in standings["value"]]),
    )
    top = cells.sort(pl.col("z").abs(), descending=True).row(0, named=True)
    order = [label for label in labels.values() if label in set(cells["feature"])]
    found = {(row["feature"], row["segment"]): row["z"] for row in cells.to_dicts()}
    origin, caption = source(tables, language, "profiles"), language.say("choice.heat_caption")
    table = tuple(
        (label, *(language.number(found.get((label, name)), 2) for name in names.values()))
        for label in order
    )
    return [
        Chart(
            "heat-map",
            heat_map(cells, order, list(names.values())),
            language.say(
                "choice.heat_alt",
                feature=top["feature"],
                segment=top["segment"],
                z=signed(top["z"], language),
            ),
            caption,
            origin,
            Table(caption, (language.say("choice.feature"), *names.values()), table, origin),
        ),
        Paragraph(language.say("choice.heat_note")),
    ]
