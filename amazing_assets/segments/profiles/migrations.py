"""Who moved from which segment to which between two months."""

from datetime import date

import polars as pl

from amazing_assets.lake.contract import schema_of
from amazing_assets.segments.profiles.contract import SegmentMigrations
from amazing_assets.small_cells import blank, hide_small_cells, with_nobody

NEW, GONE = "new", "gone"

FROM, TO = ("from_segment", "from_name"), ("to_segment", "to_name")


def migrate(before: pl.DataFrame | None, now: pl.DataFrame, month: date) -> pl.DataFrame:
    """Return the `SegmentMigrations` of a month.

    Args:
        before: `SegmentAssignments` of the month before; None, or empty: nobody was assigned
            then, and nobody is said to have moved.
        now: `SegmentAssignments` of the month.
        month: Its first day.
    """
    if before is None or before.is_empty() or now.is_empty():
        return pl.DataFrame(schema=schema_of(SegmentMigrations))
    moved = places(before, FROM).join(places(now, TO), on="user_id", how="full", coalesce=True)
    named = moved.with_columns(
        pl.col("from_name").fill_null(NEW), pl.col("to_name").fill_null(GONE)
    )
    counted = named.group_by(*FROM, *TO).agg(pl.len().cast(pl.Int64).alias("users"))
    # Who was never known cannot be gone: nobody is there, and everybody knows it.
    known = with_nobody(counted, FROM, TO).filter(
        (pl.col("from_name") != NEW) | (pl.col("to_name") != GONE)
    )
    shares = known.with_columns(
        share_of_from=pl.col("users") / pl.col("users").sum().over(FROM),
        share_of_to=pl.col("users") / pl.col("users").sum().over(TO),
    )
    cells = hide_small_cells(shares.sort(*FROM, *TO, nulls_last=True), FROM, TO)
    return (
        blank(cells, "share_of_from", "share_of_to")
        .with_columns(
            month=pl.lit(month),
            from_model_version=pl.lit(before["model_version"][0]),
            model_version=pl.lit(now["model_version"][0]),
        )
        .select(schema_of(SegmentMigrations).names())
    )


def places(assignments: pl.DataFrame, names: tuple[str, str]) -> pl.DataFrame:
    """Return where each customer is, under these names."""
    segment, name = names
    return assignments.select(
        "user_id", pl.col("segment").alias(segment), pl.col("segment_name").alias(name)
    )
