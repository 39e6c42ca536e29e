"""A small tree whose borders ask for one feature at a time, and its refinement.

scikit-learn grows trees from the root down, each border as if it were the last. Of a tree that may
have no more than so many leaves, borders far up can then be moved to better places.
"""

from dataclasses import dataclass, replace
from math import ceil
from typing import Any, NamedTuple

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.segments.search.evaluation import LEAST_LEAF
from amazing_assets.small_cells import SMALLEST_CELL

# Two ways to begin; neither is always the better one.
CRITERIA = ("gini", "entropy")

# Passes over all borders; most trees rest after three.
PASSES = 10


def least_leaf(customers: int) -> int:
    """Return how many customers the smallest leaf holds.

    A rule about fewer than may be shown would describe them one by one.
    """
    return max(SMALLEST_CELL, ceil(LEAST_LEAF * customers))


class Border(NamedTuple):
    """A question of a tree: is this feature at most that?"""

    feature: int
    value: float


@dataclass(frozen=True)
class Tree:
    """Questions and ends, numbered from the root, 0; a node comes before those below it.

    Attributes:
        left: Where a row goes whose feature is at most the border; -1 at an end.
        right: Where it goes otherwise; -1 at an end.
        feature: Column that is asked for; means nothing at an end.
        border: Its border; means nothing at an end.
        counts: Customers it learnt from, by node and class.
        classes: What it tells apart.
    """

    left: Labels
    right: Labels
    feature: Labels
    border: Matrix
    counts: Matrix
    classes: Labels

    @classmethod
    def grow(cls, rows: Matrix, truth: Labels, leaves: int, seed: int) -> "Tree":
        """Return the best tree of at most so many leaves that was grown and refined."""
        grown = (
            DecisionTreeClassifier(
                criterion=criterion,
                # One leaf more than it has classes to tell apart is of no use to a tree of two.
                max_leaf_nodes=max(2, leaves),
                min_samples_leaf=least_leaf(len(rows)),
                random_state=seed,
            ).fit(rows, truth)
            for criterion in CRITERIA
        )
        return max((refined(cls.of(each), rows, truth) for each in grown), key=cls.placed)

    @classmethod
    def of(cls, grown: Any) -> "Tree":  # noqa: ANN401 - scikit-learn is untyped
        """Return a tree of scikit-learn."""
        tree = grown.tree_
        counts = tree.value[:, 0] * tree.n_node_samples[:, None]
        return cls(
            tree.children_left,
            tree.children_right,
            tree.feature,
            tree.threshold,
            counts,
            grown.classes_,
        )

    @property
    def leaves(self) -> int:
        """How many ends it has."""
        return int((self.left < 0).sum())

    def placed(self) -> float:
        """Return how many of the customers it learnt from end among most of their class."""
        return float(self.counts[self.left < 0].max(axis=1).sum())

    def leaf(self, rows: Matrix, node: int = 0) -> Labels:
        """Return the end at which each row arrives that stands at a node."""
        at = np.full(len(rows), node)
        while (moving := np.flatnonzero(self.left[at] >= 0)).size:
            here = at[moving]
            below = rows[moving, self.feature[here]] <= self.border[here]
            at[moving] = np.where(below, self.left[here], self.right[here])
        return at

    def predict(self, rows: Matrix, node: int = 0) -> Labels:
        """Return the class of most customers at each row's end."""
        return np.asarray(self.classes[self.counts.argmax(axis=1)][self.leaf(rows, node)])

    def shares(self, rows: Matrix) -> Matrix:
        """Return the share of each class at each row's end."""
        sizes = self.counts.sum(axis=1, keepdims=True)
        return np.asarray((self.counts / sizes)[self.leaf(rows)])

    def learnt(self, rows: Matrix, truth: Labels) -> "Tree":
        """Return the same questions with the counts of these rows."""
        member = truth[:, None] == self.classes
        counts = np.zeros_like(self.counts)
        np.add.at(counts, self.leaf(rows), member)
        for node in reversed(np.flatnonzero(self.left >= 0)):
            counts[node] = counts[self.left[node]] + counts[self.right[node]]
        return replace(self, counts=counts)

    def asking(self, node: int, border: Border) -> "Tree":
        """Return the tree with another question at a node."""
        feature, borders = self.feature.copy(), self.border.copy()
        feature[node], borders[node] = border
        return replace(self, feature=feature, border=borders)


def refined(tree: Tree, rows: Matrix, truth: Labels) -> Tree:
    """Return the tree with its borders moved to where more rows arrive at their class.

    From the ends up, each border in turn is put where it is best given everything below it
    (tree alternating optimisation, Carreira-Perpiñán and Tavallali 2018). No step places fewer
    rows rightly than the one before, and no leaf becomes smaller than is wanted.
    """
    for _ in range(PASSES):
        passed = tree
        for node in reversed(np.flatnonzero(tree.left >= 0)):
            passed = moved(passed, int(node), rows, truth)
        if passed is tree:
            break
        tree = passed.learnt(rows, truth)
    return tree


def moved(tree: Tree, node: int, rows: Matrix, truth: Labels) -> Tree:
    """Return the tree with the best border at one node."""
    here = arriving(tree, node, rows)
    seen, wanted = rows[here], truth[here]
    by_left, by_right = (
        tree.predict(seen, int(side[node])) == wanted for side in (tree.left, tree.right)
    )
    # Who arrives rightly on both sides, or on neither, does not care.
    care = by_left != by_right
    border, placed = best_border(seen[care], by_left[care])
    stays = seen[care, tree.feature[node]] <= tree.border[node]
    if border is None or placed <= (stays == by_left[care]).sum():
        return tree
    changed = tree.asking(node, border)
    sizes = np.bincount(changed.leaf(rows), minlength=len(tree.left))[tree.left < 0]
    return tree if sizes.min() < least_leaf(len(rows)) else changed


def arriving(tree: Tree, node: int, rows: Matrix) -> Labels:
    """Return the numbers of the rows that come through a node."""
    here = np.ones(len(rows), dtype=bool)
    while node:
        above = int(np.flatnonzero((tree.left == node) | (tree.right == node))[0])
        below = rows[:, tree.feature[above]] <= tree.border[above]
        here &= below if tree.left[above] == node else ~below
        node = above
    return np.flatnonzero(here)


def best_border(rows: Matrix, goes_left: Labels) -> tuple[Border | None, int]:
    """Return the border that sends most rows where they want to go, and how many."""
    best, placed = None, -1
    for feature, column in enumerate(rows.T):
        order = np.argsort(column, kind="stable")
        values, left = column[order], goes_left[order]
        # At each place: who wants left of it, and who wants right beyond it.
        fits = np.cumsum(left) + (~left).sum() - np.cumsum(~left)
        places = np.flatnonzero(values[:-1] < values[1:])
        if places.size and fits[places].max() > placed:
            place = places[fits[places].argmax()]
            placed = int(fits[place])
            best = Border(feature, float((values[place] + values[place + 1]) / 2))
    return best, placed
