"""What characterises each segment, as one long table of figures."""

from collections.abc import Iterator
from functools import partial

import polars as pl

from amazing_assets.customers.snapshot import zone_of_features
from amazing_assets.dates import first_day, trailing_months
from amazing_assets.lake.contract import schema_of
from amazing_assets.lake.shard import Query
from amazing_assets.lake.table import Lake
from amazing_assets.segments.profiles.contract import PROFILE_TOPICS, SegmentProfiles
from amazing_assets.segments.profiles.features import feature_figures
from amazing_assets.segments.profiles.figures import GROUP, Customers
from amazing_assets.segments.profiles.map import map_figures
from amazing_assets.segments.profiles.preferences import add_up, count_tastes, taste_figures
from amazing_assets.segments.profiles.rfm import rfm_figures
from amazing_assets.segments.profiles.sizes import size_figures
from amazing_assets.small_cells import HIDDEN, blank


def profile(lake: Lake, assignments: pl.DataFrame, month: str) -> pl.DataFrame:
    """Return the `SegmentProfiles` of a month's `SegmentAssignments`."""
    groups = assignments.select("user_id", *GROUP, "margin").sort("user_id")
    customers = Customers(groups, lake.scan("user_features", month))
    tastes = add_up(tastes_by_shard(lake, groups, month))
    figures = pl.concat(
        [
            size_figures(customers),
            feature_figures(customers),
            taste_figures(tastes),
            rfm_figures(customers),
            map_figures(customers),
        ]
    )
    rank = pl.col("topic").replace_strict(PROFILE_TOPICS, range(len(PROFILE_TOPICS)))
    return (
        blank(of_known_size(figures), "value")
        .join(names_of(assignments), on=GROUP, how="left", nulls_equal=True)
        .with_columns(
            month=pl.lit(first_day(month)),
            model_version=pl.lit(assignments["model_version"].first(), pl.String),
        )
        .sort("segment", "segment_name", rank, "item", "measure", nulls_last=True)
        .select(schema_of(SegmentProfiles).names())
    )


def of_known_size(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the figures without what would tell how large a group is whose size is hidden.

    A segment of 27 is hidden where it would give away one of 7; the number of customers behind its
    other figures, or cells that add up to it, would give away both.
    """
    is_size = (pl.col("topic") == "size") & (pl.col("measure") == "users")
    secret = (is_size & pl.col(HIDDEN)).any().over(GROUP)
    is_part = pl.col("topic").is_in(("rfm_cell", "map_cell"))
    return figures.with_columns(
        pl.when(~secret).then("users").alias("users"),
        (pl.col(HIDDEN) | (secret & is_part)).alias(HIDDEN),
    )


def names_of(assignments: pl.DataFrame) -> pl.DataFrame:
    """Return status and traits of the name of each group."""
    return assignments.select(*GROUP, "name_status", "name_traits").unique(GROUP)


def tastes_by_shard(lake: Lake, groups: pl.DataFrame, month: str) -> Iterator[pl.DataFrame]:
    """Yield what the customers of each shard looked at in the seven months."""
    tables = ("sessions", "user_products")
    known = set.intersection(*(set(lake.months(table)) for table in tables))
    months = [each for each in trailing_months(month) if each in known]
    kept = groups.select("user_id", *GROUP)
    counted = partial(count_tastes, kept, zone=zone_of_features(lake, month))
    return lake.map(Query(counted, tables, tuple(months)))
