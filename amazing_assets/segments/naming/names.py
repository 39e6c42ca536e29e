"""Which animal a segment is, by what its typical customer does.

A name is a tag of the model version; the number of a segment is what other tables keep.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl
from scipy.optimize import linear_sum_assignment

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.segments.behaviour.columns import WINDOW
from amazing_assets.segments.contract import IN_RESERVE, PROVISIONAL
from amazing_assets.segments.naming.codes import NUMBERED, RESERVE, Name

# Recency reversed, frequency, money, regularity, price, conversion, brand loyalty; in standard
# deviations between segments. Recency, frequency and money weigh double.
PROTOTYPES = {
    "lion": (1.5, 1.5, 1.5, 0.5, 1, 0.5, 1),
    "bears": (0.5, 0.5, 0, 1.5, 0, 0.5, 0.5),
    "beavers": (1, 1, 0, 1, 0, 0, 0),
    "squirrels": (0, -0.5, -1, -0.5, -1, -0.5, 0),
    "foxes": (0, -0.5, 1, -0.5, 1, 0.5, 0),
    "owls": (-0.5, -1, -0.3, -0.5, 0, -1, -0.5),
    "tortoises": (-1.5, -1, 0.7, -1, 0.5, 0.5, 0),
}
WEIGHTS = np.array([2, 2, 2, 1, 1, 1, 1])
FARTHEST = 2.5

# What an animal is known by, and how much of it must be seen on visits that placed nobody.
STRONG = 1.5
LEAST_SEEN = 0.25

# Low and high, per trait and in its order.
TRAITS = (
    ("distant", "recent"),
    ("occasional", "frequent"),
    ("thrifty", "big_spending"),
    ("irregular", "regular"),
    ("bargain", "upmarket"),
    ("hesitant", "decided"),
    ("fickle", "loyal"),
)

# Read beside what the model reads, and only when it is fitted.
NAMING_COLUMNS = (f"monetary_{WINDOW}", f"gap_log_cv_{WINDOW}", f"top_brand_share_{WINDOW}")


def traits() -> list[pl.Expr]:
    """The seven traits of a customer; what multiplies is taken in logarithms."""
    return [
        (-pl.col("recency_days").cast(pl.Float64).log1p()).alias("R"),
        pl.col("frequency").log1p().alias("F"),
        pl.col(f"monetary_{WINDOW}").log1p().alias("M"),
        (-pl.col(f"gap_log_cv_{WINDOW}")).alias("Reg"),
        pl.col(f"price_position_{WINDOW}").alias("Px"),
        pl.col(f"view_to_purchase_{WINDOW}").alias("Conv"),
        pl.col(f"top_brand_share_{WINDOW}").alias("Brand"),
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


def named(
    signature: Matrix, unseen: Matrix | None = None, taken: Iterable[str] = ()
) -> tuple[Name, ...]:
    """Return a name for each segment: the assignment to animals of least total distance.

    Args:
        signature: One row per segment, as `signatures` returns them.
        unseen: The same on visits that placed nobody; a name that does not hold there is
            provisional. None: not known.
        taken: Animals that belong to other segments already.
    """
    free = [animal for animal in PROTOTYPES if animal not in set(taken)]
    prototypes = np.array([PROTOTYPES[animal] for animal in free]).reshape(-1, len(WEIGHTS))
    differences = signature[:, None] - prototypes[None]
    distances = np.sqrt((WEIGHTS * differences**2).sum(axis=2))
    # With more segments than animals, those whom every animal suits worst stay without.
    matches = dict(zip(*linear_sum_assignment(distances), strict=True))
    reserve = spare(set(taken))
    held_out = signature if unseen is None else unseen
    return tuple(
        prototype(free[matches[i]], float(distances[i, matches[i]]), held_out[i])
        if i in matches
        else tagged(next(reserve), signature[i])
        for i in range(len(signature))
    )


def spare(taken: set[str]) -> Iterator[str]:
    """Return the animals in reserve that are free; then the same, numbered."""
    return (code for code in (*RESERVE, *NUMBERED) if code not in taken)


def prototype(animal: str, distance: float, held_out: Matrix) -> Name:
    """Return the name of a matched segment, provisional if it is far from its animal.

    Args:
        animal: Whose name it gets.
        distance: Of its traits from the animal's.
        held_out: Its traits on visits that placed nobody.
    """
    if distance > FARTHEST or not deserves(animal, held_out):
        return Name(animal, status=PROVISIONAL, distance=distance)
    return Name(animal, distance=distance)


def deserves(animal: str, held_out: Matrix) -> bool:
    """Whether what an animal stands out by is there on other visits as well.

    The lion is the one name that flatters: nearness, frequency and money all stand out, or it is
    none.
    """
    strongest = np.abs(PROTOTYPES[animal]) >= STRONG
    claimed = np.sign(PROTOTYPES[animal])[strongest] * held_out[strongest]
    return bool((claimed >= LEAST_SEEN).all())


def tagged(animal: str, signature: Matrix) -> Name:
    """Return a name in reserve, told apart by the two traits in which the segment differs most."""
    telling = np.argsort(-np.abs(signature), kind="stable")[:2]
    traits = tuple(TRAITS[trait][int(signature[trait] > 0)] for trait in telling)
    return Name(animal, traits, IN_RESERVE)
