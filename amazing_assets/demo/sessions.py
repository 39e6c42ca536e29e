"""Who comes on a day: the clock between sessions, and the visits of bots."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from amazing_assets.demo.calendar import DAY, OUTAGE, sessions_on
from amazing_assets.demo.chance import Flags, Floats, Ints, Words
from amazing_assets.demo.customers import Customers

# Past 300 sessions a month whatever the month's length, even with a day missing: 12 * 27 = 324.
SWEEPS_PER_DAY = 12
# Past 500 events in one session.
CRAWL_LOOKS = 560
# Shape of the gamma mean of a Poisson count: .4 of sessions are one event, 1 % more than twenty.
APPETITE = 0.55
FIRST_CRAWL = 3  # of the month; others follow on the next nine days
SATURDAY = 5
# One session id in 5,000 was used by two users; a small world has one a month, on the 5th.
SHARED, SHARING_DAY = 0.0002 * 30, 5


@dataclass(frozen=True)
class Sessions:
    """The sessions that begin on a day, one position each."""

    customer: Ints
    start: Ints  # seconds since the world began
    looks: Ints  # products looked at
    high: Words
    low: Words
    keeps_id: Flags  # the truth counts this id: it neither returns another day nor goes missing
    shared: int = 0  # ids used by two customers

    def __len__(self) -> int:
        """Return the number of sessions."""
        return len(self.customer)


def first_waits(rng: np.random.Generator, customers: Customers) -> Floats:
    """Return how much of a mean gap is left at the start; newcomers come the day they appear."""
    shape = customers.traits["regularity"]
    residual = rng.random(len(customers)) * rng.standard_gamma(shape) / shape
    return np.where(customers.first_day == 0, residual, 0.0)


def advance(
    rng: np.random.Generator, customers: Customers, waits: Floats, pace: Floats
) -> tuple[Ints, Floats]:
    """Return who comes today, once per session, and what then remains of everybody's gap.

    Gaps are gamma distributed in a time that runs faster on busy days, which gives regular
    customers, weekdays and sales at once.
    """
    shape = customers.traits["regularity"]
    waits = waits - pace
    visitors = []
    while len(due := np.flatnonzero((waits <= 0) & (pace > 0))):
        visitors.append(due)
        waits[due] += rng.standard_gamma(shape[due]) / shape[due]
    return np.concatenate([*visitors, np.empty(0, dtype=np.int64)]), waits


def pace_on(customers: Customers, day: date, number: int, scale: float) -> Floats:
    """Return how many sessions each customer has on a day, in expectation."""
    weekend = customers.traits["weekend"]
    mood = np.exp(weekend) if day.weekday() >= SATURDAY else np.exp(-0.4 * weekend)
    rate = customers.traits["sessions"] / 30 * mood * sessions_on(day) * scale
    return np.where(customers.alive(number), rate, 0.0)


def draw_sessions(
    rng: np.random.Generator, customers: Customers, visitors: Ints, day: date, number: int
) -> Sessions:
    """Return the sessions of a day."""
    crawlers, sweepers = bots_on(customers, day)
    customer = np.concatenate([visitors, np.repeat(sweepers, SWEEPS_PER_DAY), crawlers])
    traits = {name: values[customer] for name, values in customers.traits.items()}
    appetite = rng.standard_gamma(APPETITE, len(customer)) / APPETITE
    looks = 1 + rng.poisson(traits["looks"] * appetite)
    looks = np.where(customers.is_bot[customer], 1, looks)
    looks[len(customer) - len(crawlers) :] = CRAWL_LOOKS
    angle = rng.vonmises(0.0, traits["punctuality"]) + traits["hour"]
    second = np.floor(angle % (2 * np.pi) * DAY / (2 * np.pi)).astype(np.int64) % DAY
    ids = rng.integers(1, 2**64, size=(2, len(customer)), dtype=np.uint64, endpoint=False)
    sessions = Sessions(
        customer=customer,
        start=number * DAY + second,
        looks=looks.astype(np.int64),
        high=ids[0],
        low=ids[1],
        # Most of a session may fall into the outage: what is left must not count as a return.
        keeps_id=np.full(len(customer), day == OUTAGE[0].date()),
    )
    return share_ids(rng, sessions) if day.day == SHARING_DAY else sessions


def bots_on(customers: Customers, day: date) -> tuple[Ints, Ints]:
    """Return the bots that crawl everything in one session today, and those that sweep daily.

    Bots come back every second month; more would outweigh the customers of a small world.
    """
    bots = np.flatnonzero(customers.is_bot)
    number = np.arange(len(bots))
    active = (number + day.year * 12 + day.month) % 2 == 0
    crawls = number % 2 == 1
    return bots[active & crawls & (day.day == FIRST_CRAWL + number % 10)], bots[active & ~crawls]


def share_ids(rng: np.random.Generator, sessions: Sessions) -> Sessions:
    """Return the sessions with some ids used by a second customer."""
    pairs = min(max(1, round(SHARED * len(sessions))), len(sessions) // 2)
    owner, other = rng.choice(len(sessions), size=(2, pairs), replace=False)
    differ = sessions.customer[owner] != sessions.customer[other]
    owner, other = owner[differ], other[differ]
    high, low, keeps_id = sessions.high.copy(), sessions.low.copy(), sessions.keeps_id.copy()
    high[other], low[other] = high[owner], low[owner]
    keeps_id[owner] = keeps_id[other] = True
    return replace(sessions, high=high, low=low, keeps_id=keeps_id, shared=len(owner))
