"""What to mind before a month is compared with another or given to a model."""

from __future__ import annotations

import polars as pl

from amazing_assets.dates import add_months, first_day
from amazing_assets.events.contract import EventStatistics
from amazing_assets.events.reading.floats import ROUNDED, share_rounded
from amazing_assets.events.statistics.figures import FIGURES, figure, figures, ratio, sums
from amazing_assets.lake.contract import schema_of

_NO_CAVEAT = pl.DataFrame(schema=FIGURES)

_FEWEST_CUSTOMERS = 1000
_NEARLY_ALL = 0.9

# When the shop remapped its categories on 1 December 2019, the share fell by 22 points.
_DRIFT = 0.1

# What is compared with the month before.
HEADLINES = (
    "quality/raw_rows/rows",
    "quality/rejected_rows/rows",
    "quality/duplicate_rows/rows",
    "funnel/view/events",
    "funnel/cart/events",
    "funnel/remove_from_cart/events",
    "funnel/purchase/events",
    "funnel/purchase/customers",
    "funnel/purchase/session_share",
    "price/purchase/sum",
    "price/purchase/p50",
    "session/all/sessions",
    "session/all/one_event_share",
    "customer/all/customers",
    "customer/bot_suspects/customers",
    "null/category_code/share",
    "null/brand/share",
    "null/user_session/share",
)


def changes(found: pl.DataFrame, month: str, before: pl.DataFrame | None) -> pl.DataFrame:
    """Return difference and ratio of the headline figures to those of the month before.

    Args:
        found: Figures of the month: `topic`, `item`, `measure`, `value`.
        month: As `2019-10`.
        before: `EventStatistics` that may include the month before.
    """
    name = pl.concat_str("topic", "item", "measure", separator="/").alias("name")
    now = found.select(name, "value")
    then = _month_before(month, before).select(name, pl.col("value").alias("then"))
    both = (
        pl.DataFrame({"name": HEADLINES})
        .join(now, on="name", maintain_order="left")
        .join(then, on="name", maintain_order="left")
    )
    value, old = pl.col("value"), pl.col("then")
    return figures(
        "change", both, "name", difference=value - old, ratio=pl.when(old != 0).then(value / old)
    )


def caveats(
    totals: pl.DataFrame, found: pl.DataFrame, month: str, before: pl.DataFrame | None
) -> pl.DataFrame:
    """Return what may mislead a model: a sentence and its figure each.

    Args:
        totals: Added-up counts of the month.
        found: Figures of the month: `topic`, `item`, `measure`, `value`.
        month: As `2019-10`.
        before: `EventStatistics` that may include the month before.
    """
    return pl.concat(
        [_rounded_ids(totals), _sampled(totals), _drifted(found, _month_before(month, before))]
    )


def _month_before(month: str, before: pl.DataFrame | None) -> pl.DataFrame:
    if before is None:
        return pl.DataFrame(schema=schema_of(EventStatistics))
    return before.filter(pl.col("month") == add_months(first_day(month), -1))


def _rounded_ids(totals: pl.DataFrame) -> pl.DataFrame:
    rounded = share_rounded(sums(totals, "id", "at", "rows")["at"])
    return figure("warning", ROUNDED, share_of_ids=rounded) if rounded else _NO_CAVEAT


def _sampled(totals: pl.DataFrame) -> pl.DataFrame:
    sizes = sums(totals, "customer_events", "at", "customers")
    customers = int(sizes["customers"].sum())
    one_event = int(sizes.filter(at=1)["customers"].sum())
    single = ratio(one_event, customers) or 0.0
    sentence = (
        "The month looks like a random sample of rows, for nearly all customers have one event: "
        "customers and sessions are incomplete."
    )
    if customers <= _FEWEST_CUSTOMERS or single <= _NEARLY_ALL:
        return _NO_CAVEAT
    return figure("warning", sentence, share_of_customers=single)


def _drifted(found: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    now, then = _null_codes(found), _null_codes(before)
    if now is None or then is None or abs(now - then) <= _DRIFT:
        return _NO_CAVEAT
    sentence = (
        f"Taxonomy drift: {now:.1%} of the events have no category_code, after {then:.1%} in the "
        f"month before; do not compare categories of the two months."
    )
    return figure("warning", sentence, difference=now - then)


def _null_codes(figures_: pl.DataFrame) -> float | None:
    rows = figures_.filter(topic="null", item="category_code", measure="share")
    return rows["value"].item() if rows.height else None
