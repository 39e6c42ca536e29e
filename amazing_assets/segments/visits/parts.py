"""What customers would look like had only some of their visits been seen.

Cutting a history at its first events would not tell: recency would be measured from the wrong day
(agreement .001). Every part here reaches from first day to last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.customers.contract import UserFeatures
from amazing_assets.customers.features.families import build_features
from amazing_assets.customers.features.history import History
from amazing_assets.customers.features.visits import LEAST_TENURE_DAYS
from amazing_assets.customers.prices import price_reference
from amazing_assets.customers.snapshot import months_of_history, zone_of_features
from amazing_assets.customers.summaries import summarise_sessions, summarise_user_products
from amazing_assets.dates import HISTORY, WINDOWS, as_of
from amazing_assets.events.clean import hour_of_event, session_key
from amazing_assets.lake.contract import schema_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from amazing_assets.customers.prices import PriceReference
    from amazing_assets.lake.table import Lake

_SESSIONS = f"number_of_sessions_{HISTORY}m"


class Part(NamedTuple):
    """Visits that take turns: of every so many in the order of time, some are seen.

    Attributes:
        every: How many visits make a round.
        seen: Which of a round are seen, from 0.
    """

    every: int
    seen: tuple[int, ...]

    @property
    def share(self) -> float:
        """The share of the visits that is seen."""
        return len(self.seen) / self.every


PARTS: Mapping[str, Part] = {
    "even": Part(2, (0,)),
    "odd": Part(2, (1,)),
    "quarter": Part(4, (1,)),
    "three_quarters": Part(4, (0, 2, 3)),
}


@dataclass(frozen=True)
class Snapshot:
    """What features need to know besides the customers' own events.

    Attributes:
        months: The months of the history, as `2019-10`.
        as_of: The reference date.
        prices: The price books of the windows, over all customers.
        zone: The time zone of hours of the day and of days.
    """

    months: tuple[str, ...]
    as_of: date
    prices: PriceReference
    zone: str

    @classmethod
    def of(cls, lake: Lake, month: str) -> Snapshot:
        """Return that of a month's end.

        Raises:
            LakeError: The lake lacks the month.
        """
        months = months_of_history(lake, month)
        prices = price_reference(lake.scan("price_book", *months), as_of(month))
        return cls(months, as_of(month), prices, zone_of_features(lake, month))

    def features(
        self, clean_events: pl.LazyFrame, columns: Collection[str] = tuple(schema_of(UserFeatures))
    ) -> pl.DataFrame:
        """Return columns of `UserFeatures` of some whole customers, by the code that makes them."""
        # Collected, for several families read them: lazily each made them again, twice the time.
        sessions = summarise_sessions(clean_events).collect().lazy()
        user_products = summarise_user_products(clean_events).collect().lazy()
        history = History(sessions, user_products, self.prices, self.as_of, self.zone)
        return build_features(history, self.months, columns)

    def features_of_parts(
        self, numbered: pl.DataFrame, whole: pl.DataFrame, parts: Sequence[Part]
    ) -> list[pl.DataFrame]:
        """Return, by part, the features of those customers of whom it has a visit, by `user_id`.

        All parts are made in one go, each customer once a part: one by one took a fifth longer.

        Args:
            numbered: Their clean events with `turn`, as `in_turns` numbers them.
            whole: Features of all their visits; its columns are returned.
            parts: Which of their visits are seen.
        """
        customers = numbered["user_id"].unique().sort()
        events = _seen(numbered, customers, parts)
        features = self.features(events, {*whole.columns, _SESSIONS})
        customer, number = pl.col("user_id") // len(parts), pl.col("user_id") % len(parts)
        back = customer.map_batches(customers.gather, pl.Int64)
        by_part = (features.filter(number == each).with_columns(back) for each in range(len(parts)))
        return [
            as_if_whole(one, whole, part).sort("user_id")
            for one, part in zip(by_part, parts, strict=True)
        ]


def _seen(numbered: pl.DataFrame, customers: pl.Series, parts: Sequence[Part]) -> pl.LazyFrame:
    """Return the events that each part sees, its customers numbered apart from other parts'."""
    known = pl.LazyFrame(customers).with_row_index("customer")
    events = numbered.lazy().join(known, on="user_id", how="left")
    customer = pl.col("customer").cast(pl.Int64) * len(parts)
    return pl.concat(
        events.filter((pl.col("turn") % part.every).is_in(part.seen)).with_columns(
            user_id=customer + number
        )
        for number, part in enumerate(parts)
    ).drop("turn", "customer")


def in_turns(clean_events: pl.LazyFrame) -> pl.LazyFrame:
    """Return the events with `turn`, the number of their visit in its customer's order, from 0.

    The key is that of the session, so that events without one stay together.
    """
    events = with_visit(clean_events)
    visit = ("user_id", "visit")
    turns = (
        events.group_by(visit)
        .agg(pl.col("event_time").min())
        .sort("user_id", "event_time", "visit")
        .select(*visit, turn=pl.int_range(pl.len()).over("user_id"))
    )
    return events.join(turns, on=visit, how="left").drop("visit")


def with_visit(clean_events: pl.LazyFrame) -> pl.LazyFrame:
    """Return the events with `visit`, their session's key: with the customer it names a visit."""
    return clean_events.with_columns(hour_of_event()).with_columns(visit=session_key()).drop("hour")


def as_if_whole(features: pl.DataFrame, whole: pl.DataFrame, part: Part) -> pl.DataFrame:
    """Return a part's features with what the part cannot know or sees too little of.

    Recency and tenure are the whole's; rates and sums over time are multiplied. Ratios and shares
    stay as seen: that they waver with few events is what is measured.
    """
    dates = whole.select("user_id", "recency_days", "tenure_days")
    sums = [f"monetary_{months}m" for months in WINDOWS if f"monetary_{months}m" in whole.columns]
    sessions = pl.col(_SESSIONS) / part.share
    return (
        features.drop("recency_days", "tenure_days", strict=False)
        .join(dates, on="user_id")
        .with_columns(
            (sessions / pl.col("tenure_days").clip(LEAST_TENURE_DAYS) * 30).alias("frequency"),
            pl.col(sums) / part.share,
        )
        .select(whole.columns)
    )
