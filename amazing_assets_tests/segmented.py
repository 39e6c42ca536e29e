"""Two months of the demo world whose segments are told, not found: quick, and known to the test."""

import shutil

import duckdb
import polars as pl

from amazing_assets.dates import first_day
from amazing_assets.defs.assets.segments import months
from amazing_assets.defs.resources.stores import ModelsResource, ReportsResource
from amazing_assets.lake.contract import schema_of
from amazing_assets.segments.contract import IN_RESERVE, PROVISIONAL, SegmentAssignments
from amazing_assets.segments.naming.codes import Name
from amazing_assets_tests.defs.homes import Home

MONTHS = ("2019-10", "2019-11")
NAMES = (
    Name("foxes", status=PROVISIONAL),
    Name("beavers"),
    Name("lion"),
    Name("wolves", ("thrifty", "loyal"), IN_RESERVE),
)

NAMED = pl.DataFrame(
    [{"segment": number, **name.columns} for number, name in enumerate(NAMES, start=1)],
    schema_overrides={"segment": pl.Int16},
)

# The fourth segment is planted too small to be shown.
TOO_FEW = 7


def assign(features, month):
    """Segments by the number of events; the first customers of all make the small one."""
    few = pl.col("n_events_history") < 8
    rank = pl.col("n_events_history").rank("ordinal", descending=True).over(few).cast(pl.Int64)
    third = 1 + 3 * (rank - 1 - TOO_FEW) // (pl.len().over(few).cast(pl.Int64) - TOO_FEW)
    number = pl.when(~few).then(pl.when(rank <= TOO_FEW).then(4).otherwise(third)).cast(pl.Int16)
    return (
        features.select("user_id", segment=number)
        .join(NAMED, on="segment", how="left", maintain_order="left")
        .with_columns(
            month=pl.lit(first_day(month)),
            reason=pl.when(pl.col("segment").is_null()).then(pl.lit("insufficient_events")),
            margin=pl.when(pl.col("segment").is_not_null()).then(0.75),
            model_version=pl.lit("1"),
        )
        .with_columns(pl.col("segment_name").fill_null("unclassified"))
        .select(schema_of(SegmentAssignments).names())
        .cast(schema_of(SegmentAssignments))
    )


def segmented(folder, world):
    """A home in which both months are in the lake and their segments in the warehouse."""
    home = Home(folder)
    home.resources["reports"] = ReportsResource(folder=str(folder / "reports"))
    home.resources["models"] = ModelsResource(
        tracking_uri=f"sqlite:///{folder / 'mlflow.db'}", artifacts=str(folder / "artifacts")
    )
    for file in world.files[:2]:
        shutil.copy(file, home.landing)
    for month in MONTHS:
        assert home.materialize(month).success
    found = [assign(home.table("user_features", month), month) for month in MONTHS]
    rows = pl.concat(found)
    with duckdb.connect(str(home.warehouse)) as warehouse:
        warehouse.register("rows", rows.to_arrow())
        warehouse.execute("create table amazing.segment_assignments as select * from rows")
    return home


ASSETS = [months.segment_profiles, months.segment_migrations]
