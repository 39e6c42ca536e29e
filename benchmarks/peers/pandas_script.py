"""The 24 columns in pandas.

python -m benchmarks.peers.pandas_script OUT FILE...
"""

from pathlib import Path

import pandas as pd

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

NUMBERS = ("product_id", "price", "user_id")


def main() -> None:
    """Write the columns."""
    order = ordered()
    events = pd.concat([read(file) for file in order.files], ignore_index=True)
    parts = [windowed(events, order), bought(events, order), abandoned(events)]
    when = events["event_time"].dt
    for name, value, words in (
        ("preferred_brand", events["brand"], ()),
        ("preferred_category", events["category_code"].str.split(".", n=1).str[0], ()),
        ("most_active_time", when.hour // 6, PARTS_OF_DAY),
        ("most_active_day", when.day_of_week, WEEKDAYS),
    ):
        found = mode(events, value)
        parts.append((found.map(dict(enumerate(words))) if words else found).rename(name))
    customers = pd.concat(parts, axis=1).reset_index()
    customers[list(COLUMNS)].to_parquet(order.out)


def read(file: Path) -> pd.DataFrame:
    """Return the events of a month, each once."""
    first, after = (pd.Timestamp(day) for day in span_of(file))
    events = pd.read_csv(
        file, dtype=dict.fromkeys(FIELDS, "str"), na_values=list(NOTHING), on_bad_lines="skip"
    )
    events = events.drop_duplicates()
    for name in NUMBERS:
        events[name] = pd.to_numeric(events[name], errors="coerce")
    times = pd.to_datetime(events["event_time"], format="%Y-%m-%d %H:%M:%S UTC", errors="coerce")
    events["event_time"] = times
    events = events[
        (times >= first)
        & (times < after)
        & events["event_type"].isin(TYPES_OF_EVENT)
        & events[list(NUMBERS)].notna().all(axis=1)
    ].astype({"product_id": "int64", "user_id": "int64"})
    events["bought"] = (events["event_type"] == "purchase") & (events["price"] >= 0)
    events["cents"] = (events["price"] * 100).round().where(events["price"] > 0)
    day = events["event_time"].dt.strftime("%Y-%m-%d")
    events["session"] = events["user_session"].fillna(day)
    return events


def windowed(events: pd.DataFrame, order: Order) -> pd.DataFrame:
    """Return what is counted in each window."""
    made = {}
    everybody = pd.Index(events["user_id"].unique(), name="user_id")
    for months, start in order.starts.items():
        inside = events[events["event_time"] >= pd.Timestamp(start)]
        customers = inside.groupby("user_id")
        for kind in ("view", "cart"):
            of_a_kind = (inside["event_type"] == kind).groupby(inside["user_id"]).sum()
            made[f"number_of_{kind}s_{months}m"] = of_a_kind
        made[f"number_of_sessions_{months}m"] = customers["session"].nunique()
        made[f"count_products_{months}m"] = customers["product_id"].nunique()
        made[f"avg_price_{months}m"] = customers["cents"].mean() / 100
    counted = pd.DataFrame(made).reindex(everybody)
    counts = [name for name in counted if not name.startswith("avg_price")]
    counted[counts] = counted[counts].fillna(0).astype("int64")
    return counted


def bought(events: pd.DataFrame, order: Order) -> pd.DataFrame:
    """Return what was bought, and when last."""
    everybody = pd.Index(events["user_id"].unique(), name="user_id")
    sales = events[events["bought"]].groupby("user_id")
    last = sales["event_time"].max().reindex(everybody)
    days = (pd.Timestamp(order.reference) - last.dt.normalize()).dt.days
    value = sales["cents"].sum().reindex(everybody).fillna(0) / 100
    return pd.DataFrame(
        {
            "last_purchase": last,
            "days_since_last_purchase": days.astype("Int64"),
            "total_purchase_value": value,
        }
    )


def abandoned(events: pd.DataFrame) -> pd.Series:
    """Count sessions with a cart and no purchase."""
    marked = events[["user_id", "session", "bought"]].assign(cart=events["event_type"] == "cart")
    sessions = marked.groupby(["user_id", "session"])[["cart", "bought"]].any()
    is_left = sessions["cart"] & ~sessions["bought"]
    return is_left.groupby("user_id").sum().rename("cart_abandonments")


def mode(events: pd.DataFrame, value: pd.Series) -> pd.Series:
    """Return each customer's most frequent value; ties: purchases, last event, the value."""
    known = events[["user_id", "event_time", "bought"]].assign(value=value).dropna(subset="value")
    found = (
        known.groupby(["user_id", "value"])
        .agg(n=("bought", "size"), bought=("bought", "sum"), last=("event_time", "max"))
        .reset_index()
        .sort_values(["n", "bought", "last", "value"], ascending=[False, False, False, True])
    )
    return found.drop_duplicates("user_id").set_index("user_id")["value"]


if __name__ == "__main__":
    main()
