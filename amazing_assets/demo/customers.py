"""Who shops in the demo world: identities, traits, and the days on which they are alive."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from amazing_assets.demo.chance import Flags, Floats, Ints, spaced_ids
from amazing_assets.demo.personas import PERSONAS, Difficulty, draw_personas, draw_traits

# Half the users of a real month make at most two events. Passers-by come for a day or two;
# with 22 % of them about a quarter of all customers stays below 20 events in seven months.
PASSERS_BY = 0.22
BOT_SHARE = 0.001
FEWEST_BOTS = 2
# Of those who stay, the share that pauses once, and for how many days.
PAUSERS, PAUSE_DAYS = 0.15, (20, 46)


@dataclass(frozen=True)
class Customers:
    """One position per customer, bots last; days count from the world's first day."""

    user_id: Ints
    persona: Ints
    traits: dict[str, Floats]
    first_day: Ints
    last_day: Ints  # the last day on which a session may begin
    pause: tuple[Ints, Ints]  # first day away, first day back
    bots: int

    def __len__(self) -> int:
        """Return the number of customers, bots included."""
        return len(self.user_id)

    @property
    def is_bot(self) -> Flags:
        """Whether the customer is a program."""
        return np.arange(len(self)) >= len(self) - self.bots

    def alive(self, day: int) -> Flags:
        """Return who may come on a day."""
        away, back = self.pause
        here = (self.first_day <= day) & (day <= self.last_day)
        return here & ~((away <= day) & (day < back)) & ~self.is_bot

    def truth(self, start: date, days: int) -> pl.DataFrame:
        """Return one row per customer; `alive_until` is null for those who never left."""
        names = np.array([persona.name for persona in PERSONAS])[self.persona]
        day_zero = np.datetime64(start)
        return pl.DataFrame(
            {
                "user_id": self.user_id,
                "persona": pl.Series(names).set(pl.Series(self.is_bot), None),
                "alive_from": day_zero + self.first_day,
                "alive_until": pl.Series(day_zero + self.last_day).set(
                    pl.Series(self.last_day >= days - 1), None
                ),
                "is_bot": self.is_bot,
            }
        )


def draw_customers(
    rng: np.random.Generator, count: int, days: int, difficulty: Difficulty
) -> Customers:
    """Return the customers of a world that lasts some days, with a few bots among them."""
    bots = max(FEWEST_BOTS, round(BOT_SHARE * count))
    total = count + bots
    personas = draw_personas(rng, total)
    first, last = draw_lives(rng, personas, days)
    first[-bots:], last[-bots:] = 0, days - 1
    return Customers(
        user_id=spaced_ids(rng, total, 1_000_000, 625_000_000),
        persona=personas,
        traits=draw_traits(rng, personas, difficulty),
        first_day=first,
        last_day=last,
        pause=draw_pauses(rng, total, days),
        bots=bots,
    )


def draw_lives(rng: np.random.Generator, personas: Ints, days: int) -> tuple[Ints, Ints]:
    """Return everybody's first and last day."""
    births = np.array([persona.birth for persona in PERSONAS])[personas]
    lives = np.array([persona.life for persona in PERSONAS])[personas]
    departs = np.array([persona.departs for persona in PERSONAS])[personas]
    first = days * rng.beta(births[:, 0], births[:, 1])
    stay = np.where(rng.random(len(personas)) < departs, rng.beta(lives[:, 0], lives[:, 1]), 1.0)
    last = first + stay * (days - first)
    passing = rng.random(len(personas)) < PASSERS_BY
    first = np.where(passing, days * rng.random(len(personas)), first)
    last = np.where(passing, first + rng.integers(2, size=len(personas)), last)
    return first.astype(np.int64), np.minimum(last, days - 1).astype(np.int64)


def draw_pauses(rng: np.random.Generator, count: int, days: int) -> tuple[Ints, Ints]:
    """Return each customer's absence: first day away and first day back (equal: none)."""
    away = rng.integers(days, size=count)
    length = np.where(rng.random(count) < PAUSERS, rng.integers(*PAUSE_DAYS, size=count), 0)
    return away, away + length
