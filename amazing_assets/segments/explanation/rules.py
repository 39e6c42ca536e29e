"""A tree's leaves as rules: for each condition a feature and the interval in which it lies."""

from collections.abc import Iterator, Mapping
from math import inf
from typing import NamedTuple

import numpy as np
import polars as pl

from amazing_assets.models.tables import unversioned
from amazing_assets.segments.behaviour.columns import WINDOW
from amazing_assets.segments.explanation.contract import SegmentRules
from amazing_assets.segments.explanation.tree import Tree
from amazing_assets.segments.naming.codes import Name

# What rules say instead of its sine and cosine.
HOUR = f"usual_hour_{WINDOW}"

# Per feature, above the first and up to the second.
Intervals = dict[int, tuple[float, float]]


class Leaf(NamedTuple):
    """An end of the tree and how one gets there."""

    node: int
    intervals: Intervals


def spoken(readable: pl.DataFrame) -> pl.DataFrame:
    """Return the features of which rules speak: the hour as such, not its sine and cosine.

    From 0 to 24, local; a model that reads only one of the two keeps it.
    """
    sine, cosine = f"hour_sin_{WINDOW}", f"hour_cos_{WINDOW}"
    if not {sine, cosine} <= set(readable.columns):
        return readable
    hour = (pl.arctan2(sine, cosine) * 12 / np.pi) % 24
    return readable.with_columns(hour.alias(HOUR)).drop(sine, cosine)


def rules_of(tree: Tree, columns: list[str], names: Mapping[int, Name]) -> pl.DataFrame:
    """Return the `SegmentRules` of a tree: the segments in order, the rule of most customers first.

    Args:
        tree: Has a rule for each leaf.
        columns: What its features are called.
        names: Of the segments, by number.
    """
    rows = [row for leaf in leaves(tree) for row in conditions(tree, leaf, columns, names)]
    table = pl.DataFrame(rows, schema={**unversioned(SegmentRules), "node": pl.Int64})
    # Equally many customers: the rule that the tree comes to first.
    place = pl.struct(-pl.col("share"), "node").rank("dense").over("segment")
    return (
        table.with_columns(rule_number=place.cast(pl.Int16))
        .sort("segment", "rule_number", "condition_number")
        .drop("node")
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


def conditions(
    tree: Tree, leaf: Leaf, columns: list[str], names: Mapping[int, Name]
) -> Iterator[dict[str, object]]:
    """Yield a row of `SegmentRules` for each condition of a leaf; one of none if it has none."""
    here = tree.counts[leaf.node]
    number = int(tree.classes[int(here.argmax())])
    rule = {
        "segment": number,
        **names[number].columns,
        "share": float(here.sum() / tree.counts[0].sum()),
        "purity": float(here.max() / here.sum()),
        "node": leaf.node,
    }
    if not leaf.intervals:
        yield {**rule, "condition_number": 1}
    for place, (feature, (low, high)) in enumerate(leaf.intervals.items(), start=1):
        yield {
            **rule,
            "condition_number": place,
            "feature": columns[feature],
            "above": None if low == -inf else low,
            "up_to": None if high == inf else high,
        }
