"""Seven kinds of customer, and how customers of one kind differ.

A persona is a mean; customers scatter around it with one covariance shared by all personas, on
the scales where scatter is symmetric: logarithms of rates, logits of shares, angles of hours.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from amazing_assets.demo.chance import Floats, Ints, expit, logit

Difficulty = Literal["easy", "real"]


@dataclass(frozen=True)
class Persona:
    """The mean customer of a kind; shares are between 0 and 1."""

    name: str
    share: float
    sessions: float  # per 30 days
    looks: float  # products looked at per session, beyond the first
    views: float  # views per look, beyond the first
    cart: float  # P(cart | look)
    buy: float  # P(purchase | cart)
    remove: float  # P(remove | cart); the multi-category store has no removes
    tier: float  # price quantile within a category
    focus: float  # share of looks that go to the favourite category
    loyalty: float  # share of looks that stay with the favourite brands
    again: float  # share of looks at the one favourite product
    hour: float  # UTC
    punctuality: float  # concentration (von Mises) of the hour
    weekend: float  # log of the factor on weekend days
    bargains: float  # share of looks that turn to a discounted neighbour
    regularity: float  # shape (gamma) of the gap between sessions: 1 is a Poisson process
    birth: tuple[float, float]  # Beta: arrival as a share of the world's duration
    departs: float  # P(the customer leaves for good)
    life: tuple[float, float]  # Beta: the share of the time left that a leaver stays


SETTLED, RECENT = (0.7, 6.0), (7.0, 4.0)
ANY_TIME, EARLY = (2.0, 1.5), (7.0, 7.0)

# fmt: off
PERSONAS = (
    Persona("lion",      .10, 5.5, 4.6, .26, .10, .50, .20, .88, .35, .30, .06, 16.5, 2.6,  .10, .05, 1.6, SETTLED, .06, ANY_TIME),  # noqa: E501 - a table
    Persona("bears",     .14, 6.5, 1.8, .24, .05, .50, .25, .50, .80, .40, .10,  5.0, 3.2, -.30, .05, 3.5, SETTLED, .06, ANY_TIME),  # noqa: E501 - a table
    Persona("squirrels", .30, 3.2, 3.6, .26, .024, .30, .40, .14, .45, .05, .03, 10.5, 2.2,  .15, .40, 1.1, SETTLED, .10, ANY_TIME),  # noqa: E501 - a table
    Persona("foxes",     .13, 2.8, 3.0, .26, .11, .55, .25, .84, .15, .05, .02,  6.5, 2.2,  .00, .50, 1.1, SETTLED, .10, ANY_TIME),  # noqa: E501 - a table
    Persona("beavers",   .17, 9.5, 0.9, .20, .035, .35, .30, .42, .40, .20, .10, 13.5, 2.8, -.10, .15, 2.2, SETTLED, .05, ANY_TIME),  # noqa: E501 - a table
    Persona("owls",      .125, 4.0, 6.6, .36, .010, .15, .40, .55, .25, .05, .02, 19.0, 2.8, .20, .10, .9, RECENT, .05, ANY_TIME),  # noqa: E501 - a table
    Persona("tortoises", .035, 4.5, 2.0, .22, .09, .50, .20, .68, .65, .20, .05, 10.0, 2.2, .00, .05, .9, SETTLED, 1.0, EARLY),  # noqa: E501 - a table
)
# fmt: on

# trait: (from natural scale, back, standard deviation between customers of one persona)
Scale = Callable[[Floats], Floats]
SCALES: dict[str, tuple[Scale, Scale, float]] = {
    "sessions": (np.log, np.exp, 0.30),
    "looks": (np.log, np.exp, 0.25),
    "views": (np.log, np.exp, 0.20),
    "cart": (logit, expit, 0.30),
    "buy": (logit, expit, 0.30),
    "remove": (logit, expit, 0.30),
    "tier": (logit, expit, 0.40),
    "focus": (logit, expit, 0.40),
    "loyalty": (logit, expit, 0.40),
    "again": (logit, expit, 0.40),
    "hour": (lambda h: h * np.pi / 12, lambda a: a, 0.35),
    "punctuality": (np.log, np.exp, 0.20),
    "weekend": (np.asarray, np.asarray, 0.20),
    "bargains": (logit, expit, 0.40),
    "regularity": (np.log, np.exp, 0.15),
}

# (scatter within personas, distance between them): easy ones are about six standard
# deviations apart on several traits, real ones about one to three.
SPREAD: dict[Difficulty, tuple[float, float]] = {"easy": (0.4, 1.15), "real": (1.5, 1.0)}

# One hidden liveliness moves several traits together: keen customers come more often, look
# longer and buy more. Its share of each trait's variance is the square.
LIVELINESS = {"sessions": 0.5, "looks": 0.4, "cart": 0.4, "buy": 0.3, "focus": -0.2}


def draw_personas(rng: np.random.Generator, count: int) -> Ints:
    """Return the persona of each customer, as a position in `PERSONAS`."""
    shares = np.array([persona.share for persona in PERSONAS])
    return rng.choice(len(PERSONAS), size=count, p=shares / shares.sum()).astype(np.int64)


def draw_traits(
    rng: np.random.Generator, personas: Ints, difficulty: Difficulty
) -> dict[str, Floats]:
    """Return each customer's traits on the natural scale (the hour as an angle)."""
    scatter, distance = SPREAD[difficulty]
    liveliness = rng.standard_normal(len(personas))
    traits = {}
    for trait, (forward, back, deviation) in SCALES.items():
        means = forward(np.array([getattr(persona, trait) for persona in PERSONAS]))
        # Angles have no centre to move away from.
        apart = means if trait == "hour" else means.mean() + distance * (means - means.mean())
        loading = LIVELINESS.get(trait, 0.0)
        own = np.sqrt(1 - loading**2) * rng.standard_normal(len(personas))
        noise = scatter * deviation * (loading * liveliness + own)
        traits[trait] = np.asarray(back(apart[personas] + noise), dtype=np.float64)
    return traits
