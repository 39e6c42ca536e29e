"""The customers of a segment for a campaign, and what the campaign brought a month later."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.churn.holdout import is_holdout
from amazing_assets.dates import WEEK, add_months, first_day, month_of
from amazing_assets.delivery.lists.files import ListError
from amazing_assets.errors import quoted, without_ids
from amazing_assets.pseudonym import pseudonyms

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from amazing_assets.lake.table import Lake

# Below it nothing is said: it would tell of single customers.
FEWEST = 20

# Half a 95 % interval, in standard errors.
_WIDE = 1.96

_TUESDAY = 2


class Effect(NamedTuple):
    """What customers did in the month after, contacted against held out.

    Attributes:
        measure: share who visited, share who bought, revenue of a customer.
        contacted: How many could be contacted.
        held_out: How many could not.
        of_contacted: Mean of those.
        of_held_out: Mean of the others; both null where one side has fewer than 20.
        difference: The first less the second.
        low: Lower end of its 95 % interval.
        high: Upper end.
    """

    measure: str
    contacted: int
    held_out: int
    of_contacted: float | None
    of_held_out: float | None
    difference: float | None
    low: float | None
    high: float | None


def campaign_week(month: str) -> date:
    """Return the first Tuesday after a month: whoever is held out then is so for its campaign."""
    day = add_months(first_day(month), 1)
    return day + timedelta(days=(_TUESDAY - day.isoweekday()) % WEEK.days)


def audience(assignments: pl.DataFrame, code: str, month: str, share: float) -> pl.DataFrame:
    """Return the customers of a segment, those marked whom its campaign must not reach.

    Args:
        assignments: `SegmentAssignments` of the month.
        code: Of the segment's name, as `lions`.
        month: As `2020-04`.
        share: Of the customers who are held out, from 0 to 0.5.
    """
    held = is_holdout(pl.col("user_id"), campaign_week(month), share)
    return (
        assignments.filter(pl.col("segment_name") == code)
        .select("user_id", pl.lit(month).alias("month"), "segment", "segment_name", held)
        .sort("user_id")
    )


def with_own_ids(customers: pl.DataFrame, ids: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return the customers of an audience who are in a file of the shop's own ids, by these.

    Args:
        customers: Of `audience`.
        ids: Column `user_id`, the shop's own; what else it holds is kept.
        key: Of the pseudonyms; they are made and forgotten here.
    """
    known = ids.join(pseudonyms(ids["user_id"], key), on="user_id")
    found = known.join(
        customers.rename({"user_id": "pseudonym"}), on="pseudonym", how="inner"
    ).drop("pseudonym")
    return found.unique(maintain_order=True)


def read_ids(file: Path) -> pl.DataFrame:
    """Return the shop's own ids of customers, and what else a file says of them.

    Raises:
        ListError: The file cannot be read, has no column `user_id`, or an id in it is none.
    """
    try:
        found = pl.read_csv(file, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ListError(
            f"{quoted(file, 200)} cannot be read as CSV ({quoted(error)}); save it with commas "
            f"between the fields and a column user_id."
        ) from None
    if "user_id" not in found.columns:
        names = quoted(without_ids(",".join(found.columns)))
        raise ListError(
            f"{quoted(file, 200)} has no column user_id, but {names}; "
            f"name the column of the shop's own ids so."
        )
    typed = found.with_columns(pl.col("user_id").cast(pl.Int64, strict=False))
    if typed["user_id"].null_count():
        # It is not quoted: an id with a slip of the pen is still one.
        row = typed["user_id"].is_null().arg_max() or 0
        raise ListError(
            f"Row {row + 2} of {quoted(file, 200)} has a user_id that is no whole number; correct "
            f"it."
        )
    return typed


def month_after(month: str) -> str:
    """Return the month in which a campaign on a month's segments shows."""
    return month_of(add_months(first_day(month), 1))


def done_in(lake: Lake, month: str) -> pl.DataFrame:
    """Return what customers did in a month, from the week of its campaign on."""
    begins = campaign_week(month_of(add_months(first_day(month), -1)))
    return (
        lake.scan("sessions", month)
        .filter(pl.col("quarter_hour").dt.date() >= begins)
        .group_by("user_id")
        .agg(bought=pl.col("purchases").sum() > 0, revenue=pl.col("purchase_cents").sum() / 100)
        .with_columns(visited=True)
        .collect(engine="streaming")
    )


_MEASURES: Mapping[str, str] = {
    "visited": "share who visited",
    "bought": "share who bought",
    "revenue": "revenue of a customer",
}


def effects(customers: pl.DataFrame, done: pl.DataFrame) -> list[Effect]:
    """Return what those did who could be contacted, against those who were held out.

    Args:
        customers: Of `audience`.
        done: Columns `user_id`, `visited`, `bought` and `revenue` of who did anything.
    """
    known = customers.join(done, on="user_id", how="left").with_columns(
        pl.col(*_MEASURES).cast(pl.Float64).fill_null(0.0)
    )
    sides = [known.filter(pl.col("is_holdout") == is_held) for is_held in (False, True)]
    return [_effect(name, measure, *sides) for name, measure in _MEASURES.items()]


def _effect(name: str, measure: str, contacted: pl.DataFrame, held: pl.DataFrame) -> Effect:
    if min(contacted.height, held.height) < FEWEST:
        return Effect(measure, contacted.height, held.height, None, None, None, None, None)
    one, other = _moments(contacted[name]), _moments(held[name])
    difference = one[0] - other[0]
    # Welch's: neither as many nor as different customers on both sides.
    error = math.sqrt(one[1] / contacted.height + other[1] / held.height)
    return Effect(
        measure,
        contacted.height,
        held.height,
        one[0],
        other[0],
        difference,
        difference - _WIDE * error,
        difference + _WIDE * error,
    )


def _moments(values: pl.Series) -> tuple[float, float]:
    numbers = values.to_numpy()
    return float(numbers.mean()), float(numbers.var(ddof=1))
