"""The 24 columns in Polars, as one writes it down: everything in memory, one query a question.

python -m benchmarks.peers.naive_polars OUT FILE...
"""

from pathlib import Path

import polars as pl

from benchmarks.peers.columns import (
    COLUMNS,
    FIELDS,
    NOTHING,
    PARTS_OF_DAY,
    TYPES_OF_EVENT,
    WEEKDAYS,
    Order,
    ordered,
    span_of,
)

NUMBERS = {
    "product_id": pl.Int64,
    "category_id": pl.Int64,
    "price": pl.Float64,
    "user_id": pl.Int64,
}
# A line with a tenth field is none of ours; of 33 in a month four were else taken for events.
TOO_MANY = "tenth"

IS_BOUGHT = (pl.col("event_type") == "purchase") & (pl.col("price") >= 0)


def main() -> None:
    """Write the columns."""
    order = ordered()
    events = pl.concat(read(file) for file in order.files)
    customers = events.group_by("user_id").agg(*windows(order), *purchases(order))
    for part in (
        abandoned(events),
        mode(events, "brand", "preferred_brand"),
        mode(events, pl.col("category_code").str.split(".").list.first(), "preferred_category"),
        mode(events, pl.col("event_time").dt.hour() // 6, "most_active_time", PARTS_OF_DAY),
        mode(events, pl.col("event_time").dt.weekday() - 1, "most_active_day", WEEKDAYS),
    ):
        customers = customers.join(part, on="user_id", how="left")
    customers.select(COLUMNS).write_parquet(order.out)


def read(file: Path) -> pl.DataFrame:
    """Return the events of a month, each once."""
    first, after = span_of(file)
    return (
        pl.scan_csv(
            file,
            schema={name: NUMBERS.get(name, pl.String) for name in (*FIELDS, TOO_MANY)},
            null_values=["", *NOTHING],
            ignore_errors=True,
            missing_columns="insert",
            truncate_ragged_lines=True,
        )
        .filter(pl.col(TOO_MANY).is_null())
        .drop(TOO_MANY)
        .with_columns(pl.col("event_time").str.to_datetime("%Y-%m-%d %H:%M:%S UTC", strict=False))
        .filter(
            pl.col("event_time").is_between(first, after, closed="left"),
            pl.col("event_type").is_in(TYPES_OF_EVENT),
            pl.all_horizontal(pl.col("product_id", "user_id", "price").is_not_null()),
        )
        .unique()
        .with_columns(
            cents=pl.when(pl.col("price") > 0).then((pl.col("price") * 100).round().cast(pl.Int64)),
            session=pl.coalesce("user_session", pl.col("event_time").dt.date().cast(pl.String)),
        )
        .collect()
    )


def windows(order: Order) -> list[pl.Expr]:
    """What is counted in each window."""
    made = []
    for months, start in order.starts.items():
        inside = pl.col("event_time") >= start
        made += [
            ((pl.col("event_type") == "view") & inside).sum().alias(f"number_of_views_{months}m"),
            ((pl.col("event_type") == "cart") & inside).sum().alias(f"number_of_carts_{months}m"),
            pl.col("session").filter(inside).n_unique().alias(f"number_of_sessions_{months}m"),
            pl.col("product_id").filter(inside).n_unique().alias(f"count_products_{months}m"),
            (pl.col("cents").filter(inside).mean() / 100).alias(f"avg_price_{months}m"),
        ]
    return made


def purchases(order: Order) -> list[pl.Expr]:
    """What was bought, and when last."""
    last = pl.col("event_time").filter(IS_BOUGHT).max()
    return [
        last.alias("last_purchase"),
        (pl.lit(order.reference) - last.dt.date())
        .dt.total_days()
        .alias("days_since_last_purchase"),
        (pl.col("cents").filter(IS_BOUGHT).sum() / 100).alias("total_purchase_value"),
    ]


def abandoned(events: pl.DataFrame) -> pl.DataFrame:
    """Count sessions with a cart and no purchase."""
    return (
        events.group_by("user_id", "session")
        .agg(is_left=(pl.col("event_type") == "cart").any() & ~IS_BOUGHT.any())
        .group_by("user_id")
        .agg(cart_abandonments=pl.col("is_left").sum())
    )


def mode(
    events: pl.DataFrame, value: str | pl.Expr, name: str, words: tuple[str, ...] = ()
) -> pl.DataFrame:
    """Return each customer's most frequent value; ties: purchases, last event, the value."""
    read = pl.col(value) if isinstance(value, str) else value
    found = (
        events.select("user_id", "event_time", bought=IS_BOUGHT, value=read)
        .drop_nulls("value")
        .group_by("user_id", "value")
        .agg(n=pl.len(), bought=pl.col("bought").sum(), last=pl.col("event_time").max())
        .sort("n", "bought", "last", "value", descending=[True, True, True, False])
        .unique("user_id", keep="first", maintain_order=True)
    )
    shown = pl.col("value")
    if words:
        shown = shown.replace_strict(dict(enumerate(words)), return_dtype=pl.String)
    return found.select("user_id", shown.alias(name))


if __name__ == "__main__":
    main()
