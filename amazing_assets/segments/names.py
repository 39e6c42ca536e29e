"""Which animal a segment is, by what its typical customer does.

A name is a tag of the model version; the number of a segment is what other tables keep.
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.optimize import linear_sum_assignment

from amazing_assets.segments.candidates import Labels, Matrix
from amazing_assets.segments.design import W

# Recency reversed, frequency, money, regularity, price, conversion, brand loyalty; in standard
# deviations between segments. Recency, frequency and money weigh double.
PROTOTYPES = {
    "Lion": (1.5, 1.5, 1.5, 0.5, 1, 0.5, 1),
    "Ours": (0.5, 0.5, 0, 1.5, 0, 0.5, 0.5),
    "Castors": (1, 1, 0, 1, 0, 0, 0),
    "Écureuils": (0, -0.5, -1, -0.5, -1, -0.5, 0),
    "Renards": (0, -0.5, 1, -0.5, 1, 0.5, 0),
    "Chouettes": (-0.5, -1, -0.3, -0.5, 0, -1, -0.5),
    "Tortues": (-1.5, -1, 0.7, -1, 0.5, 0.5, 0),
}
WEIGHTS = np.array([2, 2, 2, 1, 1, 1, 1])
RESERVE = ("Loup", "Cerf", "Hérisson", "Lynx", "Merle")
FARTHEST = 2.5

# Low and high, per trait and in its order.
ADJECTIVES = (
    ("éloigné", "récent"),
    ("rare", "assidu"),
    ("économe", "dépensier"),
    ("irrégulier", "régulier"),
    ("bon marché", "haut de gamme"),
    ("hésitant", "décidé"),
    ("volage", "fidèle"),
)


# Read beside what the model reads, and only when it is fitted.
NAMING_COLUMNS = (f"monetary_{W}", f"gap_log_cv_{W}", f"top_brand_share_{W}")


class Name(NamedTuple):
    """What a segment is called.

    Attributes:
        status: `settled`; `provisional` until a person has agreed; `reserve` beyond seven segments.
        distance: From the prototype, weighted; None in reserve.
    """

    name: str
    status: str
    distance: float | None = None


def traits() -> list[pl.Expr]:
    """The seven traits of a customer; what multiplies is taken in logarithms."""
    return [
        (-pl.col("recency_days").cast(pl.Float64).log1p()).alias("R"),
        pl.col("frequency").log1p().alias("F"),
        pl.col(f"monetary_{W}").log1p().alias("M"),
        (-pl.col(f"gap_log_cv_{W}")).alias("Reg"),
        pl.col(f"price_position_{W}").alias("Px"),
        pl.col(f"view_to_purchase_{W}").alias("Conv"),
        pl.col(f"top_brand_share_{W}").alias("Brand"),
    ]


def signatures(customers: pl.DataFrame, labels: Labels) -> Matrix:
    """Return the typical traits of each segment, standardised between segments; 0 if unknown."""
    medians = (
        customers.select(*traits(), segment=labels)
        .group_by("segment")
        .agg(pl.all().median())
        .sort("segment")
        .drop("segment")
    )
    spread = pl.all().std(ddof=0)
    between = (pl.all() - pl.all().mean()) / pl.when(spread > 0).then(spread)
    return medians.select(between.fill_null(0)).to_numpy()


def named(signature: Matrix) -> tuple[Name, ...]:
    """Return a name for each segment: the assignment to animals of least total distance."""
    prototypes = np.array(list(PROTOTYPES.values()))
    differences = signature[:, None] - prototypes[None]
    distances = np.sqrt((WEIGHTS * differences**2).sum(axis=2))
    matches = dict(zip(*linear_sum_assignment(distances), strict=True))
    reserve = iter(RESERVE)
    return tuple(
        animal(matches[i], distances[i])
        if i in matches
        else Name(f"{next(reserve)} ({tag(signature[i])})", "reserve")
        for i in range(len(signature))
    )


def animal(number: int, distances: Matrix) -> Name:
    """Return the name of a matched segment, provisional if it is far from its animal."""
    name, distance = list(PROTOTYPES)[number], float(distances[number])
    if distance > FARTHEST:
        return Name(f"provisional ({name})", "provisional", distance)
    return Name(name, "settled", distance)


def tag(signature: Matrix) -> str:
    """Return the two adjectives in which a segment differs most from the others."""
    telling = np.argsort(-np.abs(signature), kind="stable")[:2]
    return ", ".join(ADJECTIVES[trait][int(signature[trait] > 0)] for trait in telling)
