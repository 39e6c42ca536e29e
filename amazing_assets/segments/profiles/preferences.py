"""What the customers of each segment look at and when: counted shard by shard, then as shares."""

from collections.abc import Iterable
from functools import reduce

import polars as pl

from amazing_assets.customers.columns import WEEKDAYS
from amazing_assets.customers.features.history import EVENTS
from amazing_assets.segments.contract import POPULATION
from amazing_assets.segments.profiles.figures import GROUP
from amazing_assets.small_cells import HIDDEN, SMALLEST_CELL, give_away, hide_small_cells

CELL = (*GROUP, "topic", "item")

COUNTS = ("events", "cents", "users", "buyers")

TASTES = pl.Schema(
    {
        "segment": pl.Int16,
        "segment_name": pl.String,
        "topic": pl.String,
        "item": pl.String,
        **dict.fromkeys(COUNTS, pl.Int64),
    }
)

# Of one segment and topic: its shares add up to 1.
LINE = (*GROUP, "topic")

# When something is done; everything else is a taste.
MOMENTS = ("hour", "weekday", "season")

# Of thousands of brands only the largest say something; of what is listed there are enough users.
BRANDS = 10


def count_tastes(
    groups: pl.DataFrame, sessions: pl.LazyFrame, user_products: pl.LazyFrame, zone: str
) -> pl.DataFrame:
    """Return the counts of whole customers, for `add_up`; what is unknown is not counted.

    Args:
        groups: Columns `user_id`, `segment` and `segment_name`.
        sessions: `Sessions` of the seven months, of some whole customers.
        user_products: `UserProducts` of the same.
        zone: The time zone of hours and weekdays; seasons are the months of UTC.
    """
    moment, products = pl.col("quarter_hour"), user_products.join(groups.lazy(), on="user_id")
    visits = sessions.join(groups.lazy(), on="user_id")
    local = moment.dt.convert_time_zone(zone)
    weekday = local.dt.weekday().replace_strict(range(1, 8), WEEKDAYS, return_dtype=pl.String)
    category = pl.col("category_code").str.split(".").list.first()
    counted = [
        count(visits, "hour", local.dt.strftime("%H")),
        count(visits, "weekday", weekday),
        count(visits, "season", moment.dt.strftime("%Y-%m")),
        count(products, "category", category),
        count(products, "brand", pl.col("brand")),
    ]
    return pl.concat(pl.collect_all(counted))


def count(rows: pl.LazyFrame, topic: str, item: pl.Expr) -> pl.LazyFrame:
    """Return events, cents paid, customers and buyers of each segment and item."""
    user, bought = pl.col("user_id"), pl.col("purchases") > 0
    return (
        rows.with_columns(topic=pl.lit(topic), item=item)
        .drop_nulls("item")
        .group_by(CELL)
        .agg(
            EVENTS.sum().cast(pl.Int64).alias("events"),
            pl.col("purchase_cents").sum().cast(pl.Int64).alias("cents"),
            user.n_unique().cast(pl.Int64).alias("users"),
            user.filter(bought).n_unique().cast(pl.Int64).alias("buyers"),
        )
        .select(list(TASTES))
    )


def add_up(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return the counts of all parts together: a customer is in one part only."""
    return reduce(plus, parts, pl.DataFrame(schema=TASTES))


def plus(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """Return the counts of two parts."""
    return pl.concat([first, second]).group_by(CELL).agg(pl.col(COUNTS).sum())


def taste_figures(counted: pl.DataFrame) -> pl.DataFrame:
    """Return `event_share`, `revenue_share` and `lift` of each cell, with small ones marked."""
    known = counted.filter(pl.col("segment").is_not_null())
    everybody = known.with_columns(segment=pl.lit(None, pl.Int16), segment_name=pl.lit(POPULATION))
    whole = everybody.group_by(CELL).agg(pl.col(COUNTS).sum())
    shares = pl.concat([counted, whole]).with_columns(
        event_share=pl.col("events") / pl.col("events").sum().over(*GROUP, "topic"),
        revenue_share=part_of(pl.col("cents"), pl.col("cents").sum().over(*GROUP, "topic")),
    )
    usual = pl.col("event_share").filter(segment_name=POPULATION).first()
    lifts = shares.with_columns(lift=pl.col("event_share") / usual.over("topic", "item"))
    return pl.concat(
        [
            measured(lifts, "event_share", "users"),
            measured(lifts, "lift", "users"),
            measured(lifts, "revenue_share", "buyers"),
        ]
    )


def measured(shares: pl.DataFrame, measure: str, behind: str) -> pl.DataFrame:
    """Return one measure, of so many customers, as rows of a profile."""
    rows = shares.select(
        *CELL, measure=pl.lit(measure), value=pl.col(measure), users=pl.col(behind)
    ).filter(pl.col("users") > 0)
    listed = rows.filter(pl.col("topic") == "brand", pl.col("users") >= SMALLEST_CELL)
    size = shares.select(*CELL, "events")
    brands = (
        listed.join(size, on=CELL, nulls_equal=True)
        .sort("events", "item", descending=[True, False])
        .group_by(GROUP, maintain_order=True)
        .head(BRANDS)
        .select(rows.columns)
        .with_columns(pl.lit(False).alias(HIDDEN))
    )
    others, is_moment = rows.filter(pl.col("topic") != "brand"), pl.col("topic").is_in(MOMENTS)
    # The population is the sum of the segments; those without one are in no sum.
    is_segment, seen = pl.col("segment").is_not_null(), others.filter(~is_moment)
    segments = hide_small_cells(seen.filter(is_segment), LINE, ("topic", "item"))
    alone = hide_small_cells(seen.filter(~is_segment), LINE)
    return pl.concat([segments, alone, hide_moments(others.filter(is_moment)), brands])


def hide_moments(cells: pl.DataFrame) -> pl.DataFrame:
    """Mark hours, weekdays and months of few customers, and those that would give them away.

    Here the figure of all customers goes and not that of another segment: Lions, half of the
    revenue, lost their two latest months so that a few Tortoises were hidden.
    """
    known = pl.col("segment").is_not_null()
    segments, others = (hide_small_cells(cells.filter(is_), LINE) for is_ in (known, ~known))
    lonely = segments.group_by("topic", "item").agg((pl.col(HIDDEN).sum() == 1).alias("lonely"))
    # A lift beside its share tells the share of all customers as well.
    tells = (pl.col("segment_name") == POPULATION) | (pl.col("measure") == "lift")
    segments, others = (
        each.join(lonely, on=["topic", "item"], how="left", maintain_order="left")
        .with_columns(pl.col(HIDDEN) | (pl.col("lonely") & tells))
        .drop("lonely")
        for each in (segments, others)
    )
    return pl.concat([segments, others.with_columns(give_away(LINE))])


def part_of(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """A part as a fraction of the whole; null of nothing."""
    return pl.when(whole > 0).then(part / whole)
