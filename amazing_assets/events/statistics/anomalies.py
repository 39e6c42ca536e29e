"""What is not as usual in a month: outages, missing days, spikes."""

from __future__ import annotations

import polars as pl

from amazing_assets.events.statistics.counts import SLOT_SECONDS
from amazing_assets.events.statistics.figures import figures

# In the outage of 1 October 2019 the shop logged 0.3 % of its usual events.
_SILENT = 0.05

# Where the hour's own level is not known: at night, the quietest hour has 7 % of the busiest.
_SILENT_AT_ANY_HOUR = 0.02

# Sessions begin independently of each other, so 20 expected ones stay away by chance once in 5e8.
# Events would not do: a single order may be 20 of them.
_SESSIONS_AWAITED = 20

# With fewer days seen, the usual volume of an hour of the day is not known.
_DAYS_OF_A_PROFILE = 5

_SPIKE = 3
# One order can be 49 purchases, so customers decide whether a day of a small shop is special.
_BUYERS_OF_A_SPIKE = 20


def outages(by_slot: pl.DataFrame) -> pl.DataFrame:
    """Return the stretches in which almost nothing was logged where sessions were expected.

    Days without any event are missing days, not outages.

    Args:
        by_slot: What `slots` returns.
    """
    day = pl.col("start").dt.date().alias("day")
    seen = by_slot.with_columns(day).filter(pl.col("events").sum().over("day") > 0)
    if seen["day"].n_unique() < _DAYS_OF_A_PROFILE:
        expected, limit = _with_common_level(seen), _SILENT_AT_ANY_HOUR
    else:
        expected, limit = _with_level_of_the_hour(seen), _SILENT
    silent = pl.col("events") < limit * pl.col("expected_events")
    found = _stretches(expected.with_columns(silent=silent)).filter(
        pl.col("expected_sessions") >= _SESSIONS_AWAITED
    )
    names = ("minutes", "events", "expected_events")
    return figures("outage", found, "start", **{name: pl.col(name) for name in names})


def missing_days(daily: pl.DataFrame) -> pl.DataFrame:
    """Return the days of the month without any event, and the events of a usual day.

    Args:
        daily: What `days` returns.
    """
    events = pl.col("events")
    usual = events.filter(events > 0).median().alias("expected_events")
    missing = daily.with_columns(usual).filter(events == 0)
    names = ("events", "expected_events")
    return figures("missing_day", missing, "day", **{name: pl.col(name) for name in names})


def spikes(daily: pl.DataFrame) -> pl.DataFrame:
    """Return the days with over three times the purchases of the median day.

    Args:
        daily: What `days` returns.
    """
    purchases = pl.col("purchases")
    seen = daily.filter(pl.col("events") > 0).with_columns(usual=purchases.median())
    many = (purchases > _SPIKE * pl.col("usual")) & (pl.col("buyers") >= _BUYERS_OF_A_SPIKE)
    return figures(
        "spike",
        seen.filter(many),
        "day",
        purchases=purchases,
        buyers=pl.col("buyers"),
        usual_purchases=pl.col("usual"),
    )


def _stretches(slots: pl.DataFrame) -> pl.DataFrame:
    """Silent slots that follow each other as one row, with when it began and how long it was."""
    # A slot that is left out, as on a missing day, ends a stretch as a busy one does.
    gap = pl.col("start").diff().dt.total_seconds() != SLOT_SECONDS
    after_gaps = gap.fill_null(value=False).cum_sum()
    return (
        slots.with_columns(after_gaps=after_gaps)
        .with_columns(stretch=pl.struct("silent", "after_gaps").rle_id())
        .filter("silent")
        .group_by("stretch", maintain_order=True)
        .agg(
            pl.col("start").first().dt.strftime("%Y-%m-%d %H:%M"),
            (pl.len() * SLOT_SECONDS / 60).alias("minutes"),
            pl.col("events", "expected_events", "expected_sessions").sum(),
        )
    )


def _with_level_of_the_hour(seen: pl.DataFrame) -> pl.DataFrame:
    """Slots with what is usual at this hour of the day: the median over the days."""
    hour = pl.col("start").dt.hour().alias("hour")
    measures = pl.col("events", "sessions")
    usual = (
        seen.group_by("day", hour)
        .agg(measures.sum())
        .group_by("hour")
        .agg((measures.median() * SLOT_SECONDS / 3600).name.prefix("expected_"))
    )
    return seen.with_columns(hour).join(usual, on="hour", how="left", maintain_order="left")


def _with_common_level(seen: pl.DataFrame) -> pl.DataFrame:
    """Slots between the first and the last event with what is usual at any time.

    That is the median slot of an event, not the median slot: an outage may fill most of the time.
    """
    active = seen.with_row_index().filter(pl.col("events") > 0)["index"]
    # The first and the last slot are likely to be cut off.
    inside = seen[active[0] + 1 : active[-1]] if active.len() else seen
    ranked = inside.sort("events")
    middle = ranked.filter(pl.col("events").cum_sum() * 2 >= pl.col("events").sum()).head(1)
    usual = middle.select(pl.col("events", "sessions").cast(pl.Float64).name.prefix("expected_"))
    return inside.join(usual, how="cross", maintain_order="left")
