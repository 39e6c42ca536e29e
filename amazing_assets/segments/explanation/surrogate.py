"""The segments told as rules that a person can read: a small tree that copies the model.

How well a tree copies says nothing about whether the segments are right (one of 14 leaves copies
any k-means at .92); it says how far its rules may stand for the model in a conversation.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from sklearn.tree import DecisionTreeClassifier

from amazing_assets.models.tables import unversioned
from amazing_assets.segments.explanation.contract import (
    SegmentConfusion,
    SegmentRoc,
    SegmentRules,
    SegmentSurrogate,
)
from amazing_assets.segments.explanation.fidelity import Customers, confusion, curves, figures
from amazing_assets.segments.explanation.rules import rules_of, spoken
from amazing_assets.segments.explanation.tree import Tree
from amazing_assets.segments.model import SegmentModel
from amazing_assets.small_cells import SMALLEST_CELL

# The tree may have one, two or four leaves for each segment.
LEAVES = (1, 2, 4)

# Of the customers the tree is grown on; it is judged on the others.
GROWN_ON = 0.7

# Fewer customers to judge a tree by say nothing of it, and something of them.
LEAST_HELD_OUT = SMALLEST_CELL

# Enough for a leaf of half a percent to hold 300 customers; growing on more changed no rule.
ROWS = 100_000

# The smallest tree that copies this well is the one whose rules are told.
FAITHFUL = 0.95


@dataclass(frozen=True)
class Surrogate:
    """Trees of several sizes, judged, and the rules of the one to read.

    Attributes:
        figures: `SegmentSurrogate`.
        confusion: `SegmentConfusion` of the tree to read.
        roc: `SegmentRoc` of the tree to read.
        rules: `SegmentRules` of the tree to read.
        fidelity: Share of customers whom that tree puts where the model does, held out.
    """

    figures: pl.DataFrame
    confusion: pl.DataFrame
    roc: pl.DataFrame
    rules: pl.DataFrame
    fidelity: float = 1.0


class Sample(NamedTuple):
    """Customers in an order by lot; the first rows are to grow on, the others to judge by."""

    everybody: Customers
    grown: int

    @property
    def to_grow_on(self) -> Customers:
        """The customers of whom trees learn."""
        return self.everybody.rows(slice(self.grown))

    @property
    def held_out(self) -> Customers:
        """The customers on whom trees are judged."""
        return self.everybody.rows(slice(self.grown, None))


def explain(model: SegmentModel, features: pl.DataFrame, seed: int = 0) -> Surrogate | None:
    """Return the model as rules; None if there is nothing to tell, or of too few customers.

    Rules of a handful of customers would describe them and not their segments.

    Args:
        model: What is explained.
        features: `UserFeatures`; those customers count to whom the model gives a segment.
        seed: Decides who is held out.
    """
    sample = drawn(model, features, seed)
    known = np.unique(sample.everybody.segments)
    few = len(sample.everybody.segments) - sample.grown < LEAST_HELD_OUT
    if known.size < 2 or few:  # noqa: PLR2004  one segment has no border
        return None
    seen, allowed = sample.to_grow_on, [times * known.size for times in LEAVES]
    trees = [Tree.grow(seen.readable.to_numpy(), seen.segments, each, seed) for each in allowed]
    judged = [figures(tree, sample.held_out, known) for tree in trees]
    read = next((i for i, each in enumerate(judged) if overall(each) >= FAITHFUL), -1)
    unlimited = figures(unlimited_tree(seen, seed), sample.held_out, known)
    sizes = [*zip(allowed, judged, strict=True), (None, unlimited)]
    tried = [
        each.with_columns(
            leaves_allowed=pl.lit(leaves, pl.Int64), told=pl.lit(each is judged[read], pl.Boolean)
        )
        for leaves, each in sizes
    ]
    return Surrogate(
        figures=pl.concat(tried).select(unversioned(SegmentSurrogate).names()),
        confusion=confusion(trees[read], sample.held_out),
        roc=curves(trees[read], sample.held_out),
        rules=rules_of(trees[read], sample.everybody.readable.columns, model.names),
        fidelity=overall(judged[read]),
    )


def unlimited_tree(seen: Customers, seed: int) -> Tree:
    """Return a tree of as many leaves as it likes: what a tree could do at most.

    Borders between segments are slanted, those of a tree are not: what this one misplaces, no
    smaller one can place.
    """
    grown = DecisionTreeClassifier(random_state=seed)
    return Tree.of(grown.fit(seen.readable.to_numpy(), seen.segments))


def told_tables(surrogate: Surrogate | None) -> dict[str, pl.DataFrame]:
    """Return the tables of a model's rules, without its version; empty if it has one segment."""
    told = surrogate or Surrogate(
        figures=unversioned(SegmentSurrogate).to_frame(),
        confusion=unversioned(SegmentConfusion).to_frame(),
        roc=unversioned(SegmentRoc).to_frame(),
        rules=unversioned(SegmentRules).to_frame(),
    )
    return {
        "segment_rules": told.rules,
        "segment_surrogate": told.figures,
        "segment_confusion": told.confusion,
        "segment_roc": told.roc,
    }


def drawn(model: SegmentModel, features: pl.DataFrame, seed: int) -> Sample:
    """Return at most `ROWS` of the customers who get a segment, in an order by lot."""
    customers = model.claimed(features).sort("user_id")
    customers = customers.sample(min(ROWS, customers.height), shuffle=True, seed=seed)
    matrix = model.found.representation.matrix(customers)
    segments = model.numbers[model.found.clustering.assign(matrix).labels]
    everybody = Customers(spoken(model.found.representation.readable(customers)), matrix, segments)
    return Sample(everybody, int(GROWN_ON * customers.height))


def overall(judged: pl.DataFrame) -> float:
    """Return the accuracy over all segments."""
    return float(judged.filter(pl.col("segment").is_null())["accuracy"].item())
