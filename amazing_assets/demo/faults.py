"""Lines that no reader should accept, one expression each, and where they are planted."""

from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl

from amazing_assets.demo.calendar import DAY

HEADER = (
    "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session"
)
FIELDS = HEADER.split(",")
# A line cut here still has its time and type, and never reaches the user.
CUT_AT = 40


def line(**wrong: str) -> pl.Expr:
    """Return the written line of an event, some fields replaced."""
    fields = [pl.lit(wrong[name]) if name in wrong else pl.col(name) for name in FIELDS]
    return pl.concat_str(fields, separator=",")


class Fault(NamedTuple):
    """Why a line is rejected, and how it is written."""

    reason: str
    text: pl.Expr


FAULTS = (
    Fault("outside_month", line()),  # its time is moved, see `plant`
    Fault("unparsable_time", line(event_time="yesterday")),
    Fault("unknown_event_type", line(event_type="wishlist")),
    Fault("unparsable_id", line(user_id="anonymous")),
    Fault("unparsable_id", line(product_id="n/a")),
    Fault("missing_id", line(user_id="")),
    Fault("missing_id", line(product_id="")),
    Fault("unparsable_price", line(price="free")),
    Fault("too_few_fields", pl.col("event_time")),
    Fault("too_many_fields", pl.concat_str(line(), pl.lit("1"), separator=",")),
    Fault("too_few_fields", line().str.slice(0, CUT_AT)),  # the last line of a file
)
LATE, CUT = 1, len(FAULTS)  # codes count from 1; 0 is a good line
REASONS = tuple(dict.fromkeys(fault.reason for fault in FAULTS))
SHARE = 3e-6  # of a day's rows, per fault


def plant(
    rng: np.random.Generator, events: pl.DataFrame, today: tuple[date, int], *, cut: bool
) -> pl.DataFrame:
    """Return the day's events in order of time, and unreadable copies of some among them.

    Every fault occurs at least once a month: fault n on day n + 1, as late events of the month
    before can only come first. The last line is cut off if asked.
    """
    events = events.sort("second", maintain_order=True).with_columns(fault=pl.lit(0, pl.UInt8))
    if events.is_empty():
        return events
    day, number = today
    codes = np.arange(1, CUT)
    times = rng.poisson(SHARE * len(events), size=len(codes)) + (codes == day.day)
    times[LATE - 1] *= day.day == 1
    codes = np.repeat(codes, times)
    rows = events[rng.integers(len(events), size=len(codes))]
    late = number * DAY - rng.integers(1, 3600, size=len(codes))
    second = np.where(codes == LATE, late, rows["second"].to_numpy())
    faulty = rows.with_columns(second=second, fault=pl.Series(codes, dtype=pl.UInt8))
    soiled = pl.concat([events, faulty]).sort("second", maintain_order=True)
    if cut:
        soiled = pl.concat([soiled, soiled[-1].with_columns(fault=pl.lit(CUT, pl.UInt8))])
    return soiled
