"""A tree's leaves in words, French and English: one interval a feature, in units people use."""

from collections.abc import Iterator, Mapping
from math import inf
from typing import NamedTuple

import numpy as np
import polars as pl

from amazing_assets.segments.behaviour.columns import W
from amazing_assets.segments.explanation.tree import Tree
from amazing_assets.segments.naming.names import Name

LANGUAGES = ("french", "english")

# What rules say instead of its sine and cosine.
HOUR = f"usual_hour_{W}"


class Measure(NamedTuple):
    """How a feature is spoken of.

    Attributes:
        french: What it is, in French.
        english: The same in English.
        unit: Key of `UNITS`.
    """

    french: str
    english: str
    unit: str = "number"


class Unit(NamedTuple):
    """How a value is written: a factor, the decimals shown, and what follows the number."""

    factor: float
    decimals: int
    french: str
    english: str


UNITS = {
    "number": Unit(1, 2, "", ""),
    "days": Unit(1, 0, " jours", " days"),
    "percent": Unit(100, 1, " %", "%"),
    "month": Unit(1, 1, " par mois", " a month"),
    "hour": Unit(1, 1, " h", " h"),
    "money": Unit(1, 0, " (monnaie de la boutique)", " (shop's currency)"),
}

MEASURES: Mapping[str, Measure] = {
    "frequency": Measure("visites", "visits", "month"),
    f"events_per_session_{W}": Measure("actions par visite", "actions per visit"),
    f"view_to_cart_{W}": Measure(
        "vues suivies d'un ajout au panier", "views that lead to the cart", "percent"
    ),
    f"cart_to_purchase_{W}": Measure("paniers achetés", "carts that are bought", "percent"),
    f"remove_per_cart_{W}": Measure("ajouts retirés du panier", "cart items removed", "percent"),
    f"price_position_{W}": Measure(
        "niveau de prix dans la catégorie (0 % le moins cher)",
        "price level within the category (0% the cheapest)",
        "percent",
    ),
    f"category_entropy_{W}": Measure("variété des catégories", "variety of categories"),
    f"hour_sin_{W}": Measure(
        "activité du matin plutôt que du soir (-1 à 1)", "morning rather than evening (-1 to 1)"
    ),
    f"hour_cos_{W}": Measure(
        "activité de nuit plutôt que de jour (-1 à 1)", "night rather than day (-1 to 1)"
    ),
    HOUR: Measure("heure habituelle (UTC, de 0 à 24)", "usual hour (UTC, 0 to 24)", "hour"),
    "recency_days": Measure("dernière activité, il y a", "last active, ago", "days"),
    "tenure_days": Measure("première activité, il y a", "first active, ago", "days"),
    f"discount_share_{W}": Measure(
        "actions sur des produits en promotion", "actions on discounted products", "percent"
    ),
    f"gap_log_cv_{W}": Measure("irrégularité des visites", "irregularity of visits"),
    f"brand_entropy_{W}": Measure("variété des marques", "variety of brands"),
    f"monetary_{W}": Measure("achats sur sept mois", "bought in seven months", "money"),
}

WORDS = {
    "french": {
        "between": "{what} : de {low} à {high}{unit}",
        "above": "{what} : plus de {low}{unit}",
        "below": "{what} : au plus {high}{unit}",
        "all": "tous les clients",
        "and": " ; ",
    },
    "english": {
        "between": "{what}: {low} to {high}{unit}",
        "above": "{what}: more than {low}{unit}",
        "below": "{what}: at most {high}{unit}",
        "all": "all customers",
        "and": "; ",
    },
}

# Per feature, above the first and up to the second.
Intervals = dict[int, tuple[float, float]]


class Leaf(NamedTuple):
    """An end of the tree and how one gets there."""

    node: int
    intervals: Intervals


def spoken(readable: pl.DataFrame) -> pl.DataFrame:
    """Return the features of which rules speak: the hour as such, not its sine and cosine.

    From 0 to 24, UTC; a model that reads only one of the two keeps it.
    """
    sine, cosine = f"hour_sin_{W}", f"hour_cos_{W}"
    if not {sine, cosine} <= set(readable.columns):
        return readable
    hour = (pl.arctan2(sine, cosine) * 12 / np.pi) % 24
    return readable.with_columns(hour.alias(HOUR)).drop(sine, cosine)


def rules_of(tree: Tree, columns: list[str], names: Mapping[int, Name]) -> pl.DataFrame:
    """Return one rule for each leaf, the segments in order, the rule of most customers first."""
    rows = [told(tree, leaf, columns, names) for leaf in leaves(tree)]
    return (
        pl.DataFrame(rows)
        .with_columns(pl.col("segment").cast(pl.Int16))
        .sort("segment", -pl.col("share"), "rule_english")
        .with_columns(
            pl.int_range(1, pl.len() + 1, dtype=pl.Int16).over("segment").alias("rule_number")
        )
    )


def leaves(tree: Tree, node: int = 0, intervals: Intervals | None = None) -> Iterator[Leaf]:
    """Yield every leaf with its path, merged to one interval for each feature."""
    known = intervals or {}
    if tree.left[node] < 0:
        yield Leaf(node, known)
        return
    feature, border = int(tree.feature[node]), float(tree.border[node])
    low, high = known.get(feature, (-inf, inf))
    below, above = (low, min(high, border)), (max(low, border), high)
    yield from leaves(tree, int(tree.left[node]), known | {feature: below})
    yield from leaves(tree, int(tree.right[node]), known | {feature: above})


def told(
    tree: Tree, leaf: Leaf, columns: list[str], names: Mapping[int, Name]
) -> dict[str, object]:
    """Return a leaf as a row of `SegmentRules`."""
    here = tree.counts[leaf.node]
    number = int(tree.classes[int(here.argmax())])
    return {
        "segment": number,
        "segment_name": names[number].name,
        "segment_name_english": names[number].english,
        "share": float(here.sum() / tree.counts[0].sum()),
        "purity": float(here.max() / here.sum()),
        **{f"rule_{language}": sentence(leaf, columns, language) for language in LANGUAGES},
    }


def sentence(leaf: Leaf, columns: list[str], language: str) -> str:
    """Return the conditions of a leaf, in the order in which the tree asks."""
    words = WORDS[language]
    conditions = [
        condition(columns[feature], interval, language)
        for feature, interval in leaf.intervals.items()
    ]
    return words["and"].join(conditions) or words["all"]


def condition(column: str, interval: tuple[float, float], language: str) -> str:
    """Return one interval in words."""
    words, measure = WORDS[language], MEASURES[column]
    unit, (low, high) = UNITS[measure.unit], interval
    kind = "below" if low == -inf else "above" if high == inf else "between"
    return words[kind].format(
        what=getattr(measure, language),
        unit=getattr(unit, language),
        low=rounded(low, unit, language),
        high=rounded(high, unit, language),
    )


def rounded(value: float, unit: Unit, language: str) -> str:
    """Return a border as it is written: with the unit's decimals, in French with a comma."""
    if abs(value) == inf:
        return ""
    # Days are whole: a border of 11.5 days lets in up to 11.
    shown = np.floor(value) if unit.decimals == 0 else value * unit.factor
    text = f"{shown:,.{unit.decimals}f}"
    return text if language == "english" else text.translate({44: "\N{NO-BREAK SPACE}", 46: ","})
