"""What the profiles of the segments say, figure by figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.segments.contract import POPULATION

if TYPE_CHECKING:
    from amazing_assets.delivery.report.tables import ReportTables


def figures(tables: ReportTables, topic: str) -> pl.DataFrame:
    """Return the figures of a topic, those of the segments and of the population."""
    return tables.profiles.filter(pl.col("topic") == topic)


def wide(tables: ReportTables, topic: str, name: str) -> pl.DataFrame:
    """Return the figures of a topic and segment, a row for each item, a column for each measure."""
    rows = figures(tables, topic).filter(pl.col("segment_name") == name)
    return rows.pivot("measure", index="item", values="value", sort_columns=True)


def months_behind(tables: ReportTables) -> list[str]:
    """Return the months in which what the figures tell was done, as `2019-10`."""
    return wide(tables, "season", POPULATION)["item"].to_list()


def value(
    tables: ReportTables, name: str, topic: str, measure: str, item: str = "all"
) -> float | None:
    """Return one figure; None if it is hidden or was not measured."""
    rows = tables.profiles.filter(
        pl.col("segment_name") == name,
        pl.col("topic") == topic,
        pl.col("item") == item,
        pl.col("measure") == measure,
    )
    return rows["value"][0] if rows.height else None
