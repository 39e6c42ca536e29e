"""The figures of a profile that are read off features: size, quartiles, standing."""

import polars as pl

from amazing_assets.segments.behaviour.columns import WINDOW
from amazing_assets.segments.profiles.figures import GROUP, ROW, Customers, each_group
from amazing_assets.small_cells import hide_small_cells

# Said better elsewhere: categories have a topic of their own, the rest is about the data.
NOT_PROFILED = ("share_top_", "window_months_available", "user_id")

# Columns in memory at a time: 5 million customers with 8 columns are 0.4 GB.
COLUMNS_AT_A_TIME = 8


def feature_figures(customers: Customers) -> pl.DataFrame:
    """Return quartiles, mean and standing of each group in every numeric feature."""
    schema = customers.features.collect_schema()
    numbers = [
        name
        for name, dtype in schema.items()
        if (dtype.is_numeric() or dtype == pl.Boolean)
        and not name.startswith(NOT_PROFILED)
        and (name.endswith(f"_{WINDOW}") or not name.endswith("m"))
    ]
    parts = [
        features_of(customers, numbers[start : start + COLUMNS_AT_A_TIME])
        for start in range(0, len(numbers), COLUMNS_AT_A_TIME)
    ]
    # Quartiles add up to nothing, so nothing hidden can be found by subtraction.
    return hide_small_cells(pl.concat(parts), ROW[:5], ROW[:5])


def features_of(customers: Customers, names: list[str]) -> pl.DataFrame:
    """Return the figures of some features."""
    known = customers.read(names).with_columns(pl.col(names).cast(pl.Float64))
    ranked = known.with_columns(standing(name).alias(f"{name}/z") for name in names)
    figures = each_group(
        ranked,
        *(
            figure.alias(f"{name}/{measure}")
            for name in names
            for measure, figure in {
                "q25": pl.col(name).quantile(0.25, "linear"),
                "median": pl.col(name).median(),
                "q75": pl.col(name).quantile(0.75, "linear"),
                "mean": pl.col(name).mean(),
                "z": pl.col(f"{name}/z").mean(),
                "users": pl.col(name).count().cast(pl.Float64),
            }.items()
        ),
    ).unpivot(index=GROUP)
    path = pl.col("variable").str.split("/")
    rows = figures.select(
        *GROUP, path.list.first().alias("item"), path.list.last().alias("measure"), "value"
    )
    users = pl.col("value").filter(measure="users").first().over(*GROUP, "item").cast(pl.Int64)
    return (
        rows.with_columns(topic=pl.lit("feature"), users=users)
        .filter(pl.col("measure") != "users", pl.col("users") > 0)
        .drop_nulls("value")
        .select(ROW)
    )


def standing(name: str) -> pl.Expr:
    """Where a customer stands among those with a segment: ranks of mean 0 and deviation 1."""
    value = pl.when(pl.col("segment").is_not_null()).then(name)
    return ((value.rank() - 0.5) / value.count() - 0.5) * 12**0.5
