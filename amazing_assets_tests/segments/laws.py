"""Worlds in which all customers follow one law, or two groups differ in their taste alone.

They come more or less often, by a law of long tail; what they do on a visit is drawn alike for all:
event types, products with their prices, categories and brands, hours. Whoever finds segments of
behaviour in such a world has found chance.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from amazing_assets.dates import first_day
from amazing_assets.events.clean import clean_shard
from amazing_assets.events.contract import EVENT_TYPES, EventType, RawEvents
from amazing_assets.lake.contract import schema_of

PRODUCTS, CATEGORIES, BRANDS = 3_000, 60, 200
TOPS = ("electronics", "appliances", "apparel", "computers", "auto")
HOURS = np.array(
    [1, 1, 2, 4, 6, 8, 9, 9, 9, 9, 9, 9, 9, 9, 10, 10, 9, 8, 6, 4, 2, 1, 1, 1], dtype=float
)


@dataclass(frozen=True)
class Law:
    """What everybody follows.

    Attributes:
        activity: Form of the number of visits a customer: `pareto` or `lognormal`.
        visits: Typical number of visits a month.
        removes: Share of `remove_from_cart`; 0 in the dialect without.
        long: Share of visits of 20 to 60 events more.
        bots: Share of customers who come 200 times as often.
        taste: How far the two halves of the customers are apart in what they prefer: 0 not at all,
            1 as far as can be. One prefers dear products in the morning, the other cheap ones at
            night.
    """

    activity: str = "pareto"
    visits: float = 4.0
    removes: float = 0.004
    long: float = 0.02
    bots: float = 0.0
    taste: float = 0.0


def world(
    law: Law, customers: int, months: tuple[str, ...], seed: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return `CleanEvents` by customer and time, and the truth: `user_id` and `group`."""
    rng = np.random.default_rng(seed)
    first, end = first_day(months[0]), end_of(months[-1])
    visits = visits_of(law, customers, (end - first).days, rng)
    user = np.repeat(np.arange(customers), visits)
    length = rng.geometric(0.25, len(user))
    is_long = rng.random(len(user)) < law.long
    length[is_long] += rng.integers(20, 60, int(is_long.sum()))
    group = np.arange(customers) % 2
    seconds = starts(group[user], law, (end - first).days, rng)
    visit = np.repeat(np.arange(len(user)), length)
    return events(law, visit, user, seconds, group, first, rng), pl.DataFrame(
        {"user_id": ids(np.arange(customers)), "group": group}
    )


def end_of(month: str) -> date:
    """The first day after a month."""
    return (first_day(month) + timedelta(days=31)).replace(day=1)


def ids(user):
    """Numbers that fall into all shards."""
    return user.astype(np.int64) * 7919 + 13


def visits_of(law, customers, days, rng):
    """How often each customer comes."""
    typical = law.visits * days / 30
    if law.activity == "pareto":
        rate = np.minimum((rng.pareto(1.2, customers) + 0.3) * typical / 2, 300)
    else:
        rate = rng.lognormal(np.log(typical), 1.0, customers)
    rate[rng.random(customers) < law.bots] *= 200
    return np.maximum(rng.poisson(rate), 1)


def starts(group, law, days, rng):
    """Second since the first day at which each visit begins; the groups prefer other hours."""
    shifted = np.stack([HOURS, np.roll(HOURS, 8)])
    hours = np.stack(
        [shifted[0] * (1 + law.taste * s) + shifted[1] * (1 - law.taste * s) for s in (1, -1)]
    )
    chances = (hours / hours.sum(axis=1, keepdims=True)).cumsum(axis=1)
    hour = (rng.random(len(group))[:, None] > chances[group]).sum(axis=1).clip(0, 23)
    return (
        rng.integers(0, days, len(group)) * 86_400
        + hour * 3_600
        + rng.integers(0, 3_600, len(group))
    )


def events(law, visit, user, seconds, group, first, rng):  # noqa: PLR0913, PLR0917
    """The clean events of the visits."""
    count = len(visit)
    begin = np.flatnonzero(np.diff(visit, prepend=-1))
    after = rng.integers(5, 120, count).cumsum()
    after -= np.repeat(after[begin], np.diff(np.append(begin, count)))
    product = products(group[user[visit]], law, rng)
    shares = [1 - 0.05 - law.removes, 0.03, law.removes, 0.02]
    raw = pl.DataFrame(
        {
            "event_time": np.datetime64(first, "us")
            + (seconds[visit] + after).astype("timedelta64[s]"),
            "event_type": pl.Series(rng.choice(len(EVENT_TYPES), count, p=shares)),
            "product_id": product,
            "category_id": product % CATEGORIES,
            "category_code": product % len(TOPS),
            "brand": product % BRANDS,
            "price_cents": 200 + (product // CATEGORIES) ** 2 * 10,
            "user_id": ids(user[visit]),
            "user_session": visit,
        }
    )
    typed = raw.with_columns(
        pl.col("event_time").dt.replace_time_zone("UTC"),
        pl.col("event_type").replace_strict(dict(enumerate(EVENT_TYPES)), return_dtype=EventType),
        pl.col("category_code").replace_strict(dict(enumerate(TOPS)), return_dtype=pl.String),
        pl.format("brand {}", "brand").alias("brand"),
        pl.format("visit {}", "user_session").alias("user_session"),
    )
    # A visit that runs over the end is cut, as a month's file would cut it.
    inside = pl.col("event_time").dt.date() < first + timedelta(
        days=int(seconds.max() // 86_400) + 1
    )
    return clean_shard(typed.filter(inside).cast(schema_of(RawEvents)).lazy()).collect()


def products(group, law, rng):
    """A product for each event: dear ones have high numbers, and popularity is not price."""
    weights = 1 / (1 + np.random.default_rng(0).permutation(PRODUCTS)) ** 0.9
    rank = np.linspace(-1, 1, PRODUCTS)
    chances = np.stack([weights * (1 + law.taste * rank * s) for s in (1, -1)])
    cumulated = (chances / chances.sum(axis=1, keepdims=True)).cumsum(axis=1)
    draw, found = rng.random(len(group)), np.empty(len(group), dtype=np.int64)
    for each in (0, 1):
        mine = group == each
        found[mine] = np.searchsorted(cumulated[each], draw[mine]).clip(0, PRODUCTS - 1)
    return found
