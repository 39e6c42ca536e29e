"""What a run came to, as rows that a terminal or a program can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.overview import overview
from amazing_assets.dates import first_day
from amazing_assets.language.language import ENGLISH
from amazing_assets.segments.clustering.rfm import RULES
from amazing_assets.segments.contract import UNDIFFERENTIATED
from amazing_assets.segments.naming.codes import Name
from amazing_assets.segments.naming.words import called
from amazing_assets.segments.profiles.sizes import segment_sizes
from amazing_assets.small_cells import SOME_ARE_HIDDEN
from amazing_assets.warehouse.warehouse import read_month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amazing_assets.lake.table import Lake
    from amazing_assets.segments.naming.given import GivenNames
    from amazing_assets.warehouse.warehouse import Warehouse

Rows = list[dict[str, object]]

ONE_GROUP = (
    "The customers are one group: too few of them can be segmented, or nothing tells them apart; a "
    "plain `amazing run` with more of them looks for segments again."
)
GRID = (
    "No segments that last were found, or too few customers to look for any: a plain grid of "
    "recency, frequency and money stands in for them."
)


def months_outcome(lake: Lake, months: Sequence[str]) -> Rows:
    """Return rows and customers of the months that went through to the summaries."""
    done = [month for month in months if month in lake.months("sessions")]
    return [overview(lake, month)._asdict() for month in done]


def segments_outcome(
    warehouse: Warehouse, months: Sequence[str], given: GivenNames | None = None
) -> Rows:
    """Return each segment of the last month that has assignments, the largest first.

    Args:
        warehouse: Has the assignments.
        months: In their order.
        given: The names that people gave to segments.
    """
    for month in reversed(months):
        assignments = read_month(warehouse, "segment_assignments", first_day(month))
        if assignments is not None:
            sizes = segment_sizes(assignments, given).with_columns(month=pl.lit(month))
            return sizes.select("month", "segment", "customers", "share", "mean_margin").to_dicts()
    return []


def remarks(segments: Rows) -> list[str]:
    """Return what the rows of `segments_outcome` do not say by themselves, in sentences."""
    said = []
    if any(row["customers"] is None for row in segments):
        said.append(SOME_ARE_HIDDEN)
    if sentence := stand_in(segments):
        said.append(sentence)
    if segments and all(str(row["segment"]).startswith("(") for row in segments):
        month = segments[0]["month"]
        said.append(
            f"Nobody has a segment at the end of {month}; the reasons stand in brackets, and "
            "customers get theirs once enough of their events have landed."
        )
    return said


def stand_in(segments: Rows) -> str | None:
    """Return what stands in for segments where none were found, as a sentence."""
    names = {str(row["segment"]) for row in segments if not str(row["segment"]).startswith("(")}
    if names == {called(Name(UNDIFFERENTIATED), ENGLISH)}:
        return ONE_GROUP
    grid = {called(Name(rule.code), ENGLISH) for rule in RULES}
    return GRID if names and names <= grid else None
