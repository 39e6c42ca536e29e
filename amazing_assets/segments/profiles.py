"""What characterises each segment, as one long table of figures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from amazing_assets.dates import HISTORY, first_day, trailing_months
from amazing_assets.lake.contract import schema_of
from amazing_assets.lake.table import Lake
from amazing_assets.segments.contract import POPULATION, PROFILE_TOPICS, SegmentProfiles
from amazing_assets.segments.design import DESIGN_COLUMNS
from amazing_assets.segments.plane import place, side_of_square, square
from amazing_assets.segments.population import POPULATION_COLUMNS
from amazing_assets.segments.rfm import RFM_COLUMNS, RFM_GROUPS, RfmView, fit_rfm
from amazing_assets.segments.suppression import HIDDEN, blank, hide_small_cells
from amazing_assets.segments.tastes import GROUP, add_up, count_tastes, taste_figures

WINDOW = f"_{HISTORY}m"

# Said better elsewhere: categories have a topic of their own, the rest is about the data.
NOT_PROFILED = ("share_top_", "window_months_available", "user_id")

# Columns in memory at a time: 5 million customers with 8 columns are 0.4 GB.
COLUMNS_AT_A_TIME = 8

SIZE_COLUMNS = ("n_events_history", "total_purchase_value", "has_purchased")
ROW = (*GROUP, "topic", "item", "measure", "value", "users")
SCORES = ("recency", "frequency", "money")


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
        blank(figures, "value")
        .with_columns(
            month=pl.lit(first_day(month)),
            model_version=pl.lit(assignments["model_version"].first(), pl.String),
        )
        .sort("segment", "segment_name", rank, "item", "measure", nulls_last=True)
        .select(schema_of(SegmentProfiles).names())
    )


def tastes_by_shard(lake: Lake, groups: pl.DataFrame, month: str) -> Iterator[pl.DataFrame]:
    """Yield what the customers of each shard looked at in the seven months."""
    tables = ("sessions", "user_products")
    known = set.intersection(*(set(lake.months(table)) for table in tables))
    months = [each for each in trailing_months(month) if each in known]
    kept = groups.lazy().select("user_id", *GROUP)
    return lake.engine.map(
        lambda shard: count_tastes(kept, *(lake.shard(table, shard, *months) for table in tables)),
        range(lake.shards),
    )


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


def rfm_figures(customers: Customers) -> pl.DataFrame:
    """Return the mean scores of each segment and how its customers spread over the grid."""
    known = customers.read(RFM_COLUMNS).filter(pl.col("segment").is_not_null())
    if known.is_empty():
        return pl.DataFrame(schema=figure_schema())
    matrix = RfmView().matrix(known)
    grid = fit_rfm(matrix, RFM_GROUPS, 0, 0).partition
    scored = known.select(GROUP).hstack(pl.DataFrame(grid.scores(matrix), schema=SCORES))  # type: ignore[attr-defined]  # a grid
    means = each_group(scored, *(pl.col(SCORES).mean(),), pl.len().alias("users"))
    scores = means.unpivot(SCORES, index=[*GROUP, "users"], variable_name="item").select(
        *GROUP,
        topic=pl.lit("rfm"),
        item="item",
        measure=pl.lit("mean"),
        value="value",
        users=pl.col("users").cast(pl.Int64),
    )
    cells = scored.with_columns(item=pl.concat_str(SCORES, separator="-"))
    return pl.concat([hide_small_cells(scores, ROW[:5], ROW[:5]), counted_cells(cells, "rfm_cell")])


def map_figures(customers: Customers) -> pl.DataFrame:
    """Return where each segment lies on the plane, and how its customers spread over it."""
    wanted = (*POPULATION_COLUMNS, *DESIGN_COLUMNS)
    known = customers.read(wanted).filter(pl.col("segment").is_not_null())
    placed = place(known) if known.height else None
    if placed is None:
        return pl.DataFrame(schema=figure_schema())
    points, shown = placed
    side = side_of_square(known.height)
    customers_there = known.select(GROUP).hstack(points)
    x, y = pl.col("x"), pl.col("y")
    centres = each_group(
        customers_there,
        x.mean().alias("x"),
        y.mean().alias("y"),
        x.std().alias("x_sd"),
        y.std().alias("y_sd"),
        pl.corr("x", "y").fill_nan(0).alias("correlation"),
        pl.len().alias("users"),
        pl.lit(side).alias("square"),
        *(
            pl.lit(share).alias(f"{axis}_variance_shown")
            for axis, share in zip("xy", shown, strict=True)
        ),
    ).unpivot(index=[*GROUP, "users"], variable_name="measure")
    rows = centres.select(
        *GROUP,
        topic=pl.lit("map"),
        item=pl.lit("all"),
        measure="measure",
        value="value",
        users=pl.col("users").cast(pl.Int64),
    )
    squares = customers_there.with_columns(
        item=pl.format("{} {}", square("x", side), square("y", side))
    )
    return pl.concat([hide_small_cells(rows, ROW[:5], ROW[:5]), counted_cells(squares, "map_cell")])


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
