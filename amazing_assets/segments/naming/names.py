"""Which animal a segment is, by what its typical customer does.

A name is a tag of the model version; the number of a segment is what other tables keep.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.optimize import linear_sum_assignment

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.segments.behaviour.columns import W
from amazing_assets.segments.clustering.rfm import RULES

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

ENGLISH = {
    "Lion": "Lions",
    "Ours": "Bears",
    "Castors": "Beavers",
    "Écureuils": "Squirrels",
    "Renards": "Foxes",
    "Chouettes": "Owls",
    "Tortues": "Tortoises",
    "Loup": "Wolves",
    "Cerf": "Stags",
    "Hérisson": "Hedgehogs",
    "Lynx": "Lynxes",
    "Merle": "Blackbirds",
}

# Low and high, per trait and in its order; in French, then in English.
ADJECTIVES = (
    (("éloigné", "récent"), ("distant", "recent")),
    (("rare", "assidu"), ("occasional", "frequent")),
    (("économe", "dépensier"), ("thrifty", "big-spending")),
    (("irrégulier", "régulier"), ("irregular", "regular")),
    (("bon marché", "haut de gamme"), ("bargain", "upmarket")),
    (("hésitant", "décidé"), ("hesitant", "decided")),
    (("volage", "fidèle"), ("fickle", "loyal")),
)

# Whatever a name may be made of: an animal, an adjective, or a group of the fallback.
IN_ENGLISH = {
    **ENGLISH,
    **{word: said for pair in ADJECTIVES for word, said in zip(*pair, strict=True)},
    **{rule.name: rule.english for rule in RULES},
}

SETTLED, PROVISIONAL, IN_RESERVE = "settled", "provisional", "reserve"


# Read beside what the model reads, and only when it is fitted.
NAMING_COLUMNS = (f"monetary_{W}", f"gap_log_cv_{W}", f"top_brand_share_{W}")


class Name(NamedTuple):
    """What a segment is called.

    Attributes:
        name: In French, as in every table.
        status: `settled`; `provisional` until a person has agreed; `reserve` beyond seven segments.
        distance: From the prototype, weighted; None in reserve.
        english: The same in English.
    """

    name: str
    status: str
    distance: float | None = None
    english: str = ""

    @property
    def animal(self) -> str:
        """The name without what is added to it: `Loup` of `Loup (économe, fidèle)`."""
        return self.name.removeprefix("provisional (").split(" (")[0].removesuffix(")")


def in_english(name: str) -> str:
    """Return the English of a name as tables hold it; what a person has called it stays."""
    parts = re.split(r"( \(|, |\)| (?=\d))", name)
    return "".join(IN_ENGLISH.get(part, part) for part in parts)


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


def named(signature: Matrix, taken: Iterable[str] = ()) -> tuple[Name, ...]:
    """Return a name for each segment: the assignment to animals of least total distance.

    Args:
        signature: One row per segment, as `signatures` returns them.
        taken: Animals that belong to other segments already.
    """
    free = [animal for animal in PROTOTYPES if animal not in set(taken)]
    prototypes = np.array([PROTOTYPES[animal] for animal in free]).reshape(-1, len(WEIGHTS))
    differences = signature[:, None] - prototypes[None]
    distances = np.sqrt((WEIGHTS * differences**2).sum(axis=2))
    # With more segments than animals, those whom every animal suits worst stay without.
    matches = dict(zip(*linear_sum_assignment(distances), strict=True))
    reserve = spare(set(taken))
    return tuple(
        prototype(free[matches[i]], float(distances[i, matches[i]]))
        if i in matches
        else tagged(*next(reserve), signature[i])
        for i in range(len(signature))
    )


def spare(taken: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the animals in reserve that are free, in both languages; then the same, numbered."""
    yield from ((animal, ENGLISH[animal]) for animal in RESERVE if animal not in taken)
    rounds = 2
    while True:
        for animal in RESERVE:
            if f"{animal} {rounds}" not in taken:
                yield f"{animal} {rounds}", f"{ENGLISH[animal]} {rounds}"
        rounds += 1


def prototype(animal: str, distance: float) -> Name:
    """Return the name of a matched segment, provisional if it is far from its animal."""
    if distance > FARTHEST:
        french, english = (f"provisional ({name})" for name in (animal, ENGLISH[animal]))
        return Name(french, PROVISIONAL, distance, english)
    return Name(animal, SETTLED, distance, ENGLISH[animal])


def tagged(animal: str, english: str, signature: Matrix) -> Name:
    """Return a name in reserve, told apart by the two traits in which the segment differs most."""
    telling = np.argsort(-np.abs(signature), kind="stable")[:2]
    tags = [
        ", ".join(ADJECTIVES[trait][language][int(signature[trait] > 0)] for trait in telling)
        for language in (0, 1)
    ]
    return Name(f"{animal} ({tags[0]})", IN_RESERVE, None, f"{english} ({tags[1]})")
