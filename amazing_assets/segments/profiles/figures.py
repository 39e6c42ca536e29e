"""What all figures of a profile have in common."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from amazing_assets.lake.contract import schema_of
from amazing_assets.segments.contract import POPULATION
from amazing_assets.segments.profiles.contract import SegmentProfiles
from amazing_assets.small_cells import HIDDEN, hide_small_cells

GROUP = ("segment", "segment_name")

ROW = (*GROUP, "topic", "item", "measure", "value", "users")


@dataclass(frozen=True)
class Customers:
    """Who is profiled.

    Attributes:
        groups: `user_id`, `segment`, `segment_name` and `margin` of each.
        features: `UserFeatures` of the same month.
    """

    groups: pl.DataFrame
    features: pl.LazyFrame

    def read(self, columns: Iterable[str]) -> pl.DataFrame:
        """Return some features of each customer, beside the segment."""
        chosen = self.features.select(*dict.fromkeys(("user_id", *columns))).collect()
        return self.groups.join(chosen, on="user_id", how="inner", maintain_order="left")


def each_group(customers: pl.DataFrame, *figures: pl.Expr) -> pl.DataFrame:
    """Return figures of every segment, of those without one, and of the population."""
    groups = customers.group_by(GROUP).agg(*figures)
    everybody = customers.filter(pl.col("segment").is_not_null()).select(
        pl.lit(None, pl.Int16).alias("segment"), pl.lit(POPULATION).alias("segment_name"), *figures
    )
    return pl.concat([groups, everybody], how="vertical_relaxed")


def counted_cells(items: pl.DataFrame, topic: str) -> pl.DataFrame:
    """Return how many customers of each segment are in each cell, with small cells marked."""
    counted = items.group_by(*GROUP, "item").agg(pl.len().cast(pl.Int64).alias("users"))
    rows = counted.select(
        *GROUP,
        topic=pl.lit(topic),
        item="item",
        measure=pl.lit("users"),
        value=pl.col("users").cast(pl.Float64),
        users="users",
    )
    return hide_small_cells(rows, GROUP, ("item",))


def figure_schema() -> pl.Schema:
    """Return the columns of figures before they are published."""
    types = schema_of(SegmentProfiles)
    return pl.Schema({name: types[name] for name in (*ROW, HIDDEN)})
