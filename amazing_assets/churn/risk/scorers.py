"""What a fit comes to: scores of customers, and what each feature adds to them, as plain data.

No estimator of a library is kept: what is stored is read again by any version of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from amazing_assets.models.arrays import Labels, Matrix  # noqa: TC001  read by the archive
from amazing_assets.models.probabilities import logit

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import Pipeline

# Threads of OpenMP wait for each other by spinning: where others compute as well, two took fifty
# times as long as one.
THREADS = 1


@dataclass(frozen=True)
class Trees:
    """Boosted trees of LightGBM.

    Attributes:
        text: The model as LightGBM writes it.
    """

    text: str

    def __call__(self, features: Matrix) -> Matrix:
        """Return the score of each customer, from 0 to 1."""
        if not len(features):
            return np.empty(0)
        return np.asarray(_booster(self.text).predict(features, num_threads=THREADS))

    def contributions(self, features: Matrix) -> Matrix:
        """Return what each feature adds to the logarithm of the odds, by the way through trees.

        What LightGBM itself can tell (TreeSHAP) takes a millisecond a customer.
        """
        return _forest(self.text).contributions(features)


@lru_cache(maxsize=8)
def _booster(text: str) -> Any:  # noqa: ANN401  lightgbm is imported late
    import lightgbm  # noqa: PLC0415  a second

    return lightgbm.Booster(model_str=text)


@lru_cache(maxsize=8)
def _forest(text: str) -> Forest:
    """Return the same trees node by node."""
    nodes: list[_Node] = []
    roots = []
    for tree in _booster(text).dump_model()["tree_info"]:
        roots.append(len(nodes))
        _add(tree["tree_structure"], nodes)
    columns = [np.array(column) for column in zip(*nodes, strict=True)]
    return Forest(0.0, np.array(roots), *columns)


class _Node(NamedTuple):
    """A node of a tree, as `Forest` has them."""

    feature: int
    threshold: float
    goes_left: int
    left: int
    right: int
    value: float


def _add(tree: dict[str, Any], nodes: list[_Node]) -> int:
    """Add a tree of LightGBM to the nodes and return the number of its first."""
    own = len(nodes)
    if "leaf_value" in tree:
        nodes.append(_Node(0, 0.0, 0, own, own, tree["leaf_value"]))
        return own
    threshold = tree["threshold"]
    # Where nothing was unknown in training LightGBM takes unknown as 0.
    is_zero = tree["missing_type"] == "None"
    goes_left = threshold >= 0 if is_zero else tree["default_left"]
    nodes.append(_Node(0, 0.0, 0, own, own, 0.0))
    left, right = (_add(tree[f"{side}_child"], nodes) for side in ("left", "right"))
    value = tree["internal_value"]
    nodes[own] = _Node(tree["split_feature"], threshold, int(goes_left), left, right, value)
    return own


@dataclass(frozen=True)
class Forest:
    """Boosted trees of scikit-learn, all nodes in a row, children after their parents.

    Attributes:
        base: Logarithm of the odds before the first tree.
        roots: Of each tree the number of its first node.
        feature: Which feature a node asks for.
        threshold: Up to which value customers go to the left.
        goes_left: Whether unknown values go to the left.
        left: The node on the left; of a leaf itself.
        right: The node on the right; of a leaf itself.
        value: What is added in a leaf; elsewhere the mean of all below.
    """

    base: float
    roots: Labels
    feature: Labels
    threshold: Matrix
    goes_left: Labels
    left: Labels
    right: Labels
    value: Matrix

    def __call__(self, features: Matrix) -> Matrix:
        """Return the score of each customer, from 0 to 1."""
        total = np.full(len(features), self.base)
        for root in self.roots:
            node = np.full(len(features), root)
            while (below := self._below(node, features)) is not node:
                node = below
            total += self.value[node]
        return np.asarray(1 / (1 + np.exp(-total)))

    def contributions(self, features: Matrix) -> Matrix:
        """Return what each feature adds to the logarithm of the odds, by the way through trees."""
        added, rows = np.zeros(features.shape), np.arange(len(features))
        for root in self.roots:
            node = np.full(len(features), root)
            while (below := self._below(node, features)) is not node:
                added[rows, self.feature[node]] += self.value[below] - self.value[node]
                node = below
        return added

    def _below(self, node: Labels, features: Matrix) -> Labels:
        """Return the next node of each customer; the same object where all are in leaves."""
        if (self.left[node] == node).all():
            return node
        known = features[np.arange(len(node)), self.feature[node]]
        is_left = np.where(np.isnan(known), self.goes_left[node] > 0, known <= self.threshold[node])
        return np.where(is_left, self.left[node], self.right[node])


def forest_of(model: HistGradientBoostingClassifier) -> Forest:
    """Return a fitted model of scikit-learn as data; what it keeps private is read here alone."""
    trees = [trees[0].nodes for trees in model._predictors]  # noqa: SLF001  as said
    roots = np.cumsum([0, *(len(nodes) for nodes in trees[:-1])])
    nodes = np.concatenate(trees)
    own = np.arange(len(nodes))
    offset = np.repeat(roots, [len(each) for each in trees])
    is_leaf = nodes["is_leaf"] > 0
    left, right = (
        np.where(is_leaf, own, nodes[side].astype(np.int64) + offset) for side in ("left", "right")
    )
    value, count = nodes["value"].astype(float), nodes["count"].astype(float)
    # From the last to the first: what is below a node is then known.
    for node in own[~is_leaf][::-1]:
        pair = [left[node], right[node]]
        value[node] = np.average(value[pair], weights=count[pair])
    return Forest(
        float(np.ravel(model._baseline_prediction)[0]),  # noqa: SLF001  as above
        roots,
        nodes["feature_idx"].astype(np.int64),
        nodes["num_threshold"].astype(float),
        nodes["missing_go_to_left"].astype(np.int64),
        left,
        right,
        value,
    )


@dataclass(frozen=True)
class Line:
    """A logistic regression on straightened features.

    Attributes:
        median: Of each feature, which stands for what is unknown.
        marked: Numbers of the features of which it counts whether they are unknown.
        mean: Of each column, the marks after the features.
        scale: Standard deviation of each column.
        slope: Of each column.
        intercept: Logarithm of the odds where all are usual.
    """

    median: Matrix
    marked: Labels
    mean: Matrix
    scale: Matrix
    slope: Matrix
    intercept: float

    def __call__(self, features: Matrix) -> Matrix:
        """Return the score of each customer, from 0 to 1."""
        total = self.intercept + self._parts(features).sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-total)))

    def contributions(self, features: Matrix) -> Matrix:
        """Return what each feature adds to the logarithm of the odds."""
        parts = self._parts(features)
        added = parts[:, : features.shape[1]].copy()
        added[:, self.marked] += parts[:, features.shape[1] :]
        return added

    def _parts(self, features: Matrix) -> Matrix:
        known = straightened(features)
        is_unknown = np.isnan(known)
        filled = np.where(is_unknown, self.median, known)
        columns = np.column_stack([filled, is_unknown[:, self.marked]])
        return np.asarray((columns - self.mean) / self.scale * self.slope)


def line_of(model: Pipeline) -> Line:
    """Return a fitted pipeline of median, scale and logistic regression as data."""
    gaps, scale, regression = (step for _, step in model.steps)
    marked = gaps.indicator_.features_ if gaps.indicator_ is not None else []
    return Line(
        gaps.statistics_,
        np.asarray(marked, dtype=np.int64),
        scale.mean_,
        scale.scale_,
        regression.coef_[0],
        float(regression.intercept_[0]),
    )


def straightened(features: Matrix) -> Matrix:
    """Return features without long tails."""
    return np.asarray(np.sign(features) * np.log1p(np.abs(features)))


@dataclass(frozen=True)
class Constant:
    """The same score for everybody."""

    score: float

    def __call__(self, features: Matrix) -> Matrix:
        """Return the score of each customer."""
        return np.full(len(features), self.score)

    def contributions(self, features: Matrix) -> Matrix:
        """Return that no feature adds anything."""
        return np.zeros(features.shape)


@dataclass(frozen=True)
class Shifted:
    """Scores of a sample in which the odds were changed, as they are among all customers.

    Attributes:
        scores: Of the sample.
        odds: Factor of the odds in the sample to those among all.
    """

    scores: Trees | Forest | Line | Constant
    odds: float

    def __call__(self, features: Matrix) -> Matrix:
        """Return the score of each customer, from 0 to 1."""
        return np.asarray(1 / (1 + np.exp(np.log(self.odds) - logit(self.scores(features)))))

    def contributions(self, features: Matrix) -> Matrix:
        """Return what each feature adds to the logarithm of the odds, which shifts them all."""
        return self.scores.contributions(features)


Scorer = Trees | Forest | Line | Constant | Shifted
SCORERS: tuple[type, ...] = (Trees, Forest, Line, Constant, Shifted)
