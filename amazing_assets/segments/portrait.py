"""The figures of a profile that are read off features: size, quartiles, standing."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from amazing_assets.dates import HISTORY
from amazing_assets.segments.contract import POPULATION
from amazing_assets.segments.suppression import hide_small_cells
from amazing_assets.segments.tastes import GROUP

WINDOW = f"_{HISTORY}m"

# Said better elsewhere: categories have a topic of their own, the rest is about the data.
NOT_PROFILED = ("share_top_", "window_months_available", "user_id")

# Columns in memory at a time: 5 million customers with 8 columns are 0.4 GB.
COLUMNS_AT_A_TIME = 8

SIZE_COLUMNS = ("n_events_history", "total_purchase_value", "has_purchased")

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


def size_figures(customers: Customers) -> pl.DataFrame:
    """Return how much of the shop each group is, with small groups marked."""
    known = customers.read(SIZE_COLUMNS)
    sums = {"users": pl.len(), "events": pl.col("n_events_history").sum()}
    sums |= {"revenue": pl.col("total_purchase_value").sum().round(2)}
    wholes = known.select(**{f"all_{name}": total for name, total in sums.items()}).row(
        0, named=True
    )
    buyers, margin = pl.col("has_purchased"), pl.col("margin")
    groups = each_group(
        known.with_columns(margin.fill_nan(None)),
        *(total.cast(pl.Float64).alias(name) for name, total in sums.items()),
        buyers.sum().cast(pl.Int64).alias("buyers"),
        buyers.mean().alias("buyer_share"),
        margin.mean().alias("margin"),
    ).with_columns(
        (pl.col(name) / (wholes[f"all_{name}"] or None)).alias(f"{name.rstrip('s')}_share")
        for name in sums
    )
    measures = [name for name in groups.columns if name not in {*GROUP, "buyers"}]
    rows = groups.with_columns(behind=pl.col("users").cast(pl.Int64)).unpivot(
        measures, index=[*GROUP, "behind", "buyers"], variable_name="measure"
    )
    money = pl.col("measure").str.starts_with("revenue")
    cells = rows.select(
        *GROUP,
        pl.lit("size").alias("topic"),
        pl.lit("all").alias("item"),
        "measure",
        "value",
        pl.when(money).then("buyers").otherwise("behind").alias("users"),
    ).filter(pl.col("users") > 0)
    is_segment = pl.col("segment").is_not_null()
    line = ("measure",)
    return pl.concat(
        [
            hide_small_cells(cells.filter(is_segment), line, line),
            hide_small_cells(cells.filter(~is_segment), ROW[:5], ROW[:5]),
        ]
    )


def feature_figures(customers: Customers) -> pl.DataFrame:
    """Return quartiles, mean and standing of each group in every numeric feature."""
    schema = customers.features.collect_schema()
    numbers = [
        name
        for name, dtype in schema.items()
        if (dtype.is_numeric() or dtype == pl.Boolean)
        and not name.startswith(NOT_PROFILED)
        and (name.endswith(WINDOW) or not name.endswith("m"))
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
