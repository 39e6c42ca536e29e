"""The segments told as rules that a person can read: a small tree that copies the model.

How well a tree copies says nothing about whether the segments are right (one of 14 leaves copies
any k-means at .92); it says how far its rules may stand for the model in a conversation.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score
from sklearn.tree import DecisionTreeClassifier

from amazing_assets.lake.contract import schema_of
from amazing_assets.segments.candidates import Labels, Matrix
from amazing_assets.segments.contract import SegmentConfusion, SegmentRules, SegmentSurrogate
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.rules import rules_of

# The tree may have one, two or four leaves for each segment.
LEAVES = (1, 2, 4)
LEAST_LEAF = 0.005

# Of the customers the tree is grown on; it is judged on the others.
GROWN_ON = 0.7

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
        rules: `SegmentRules` of the tree to read.
        fidelity: Share of customers whom that tree puts where the model does, held out.
    """

    figures: pl.DataFrame
    confusion: pl.DataFrame
    rules: pl.DataFrame
    fidelity: float = 1.0


@dataclass(frozen=True)
class Sample:
    """Customers as a person reads them and as the model does; the first rows are to grow on."""

    readable: pl.DataFrame
    matrix: Matrix
    segments: Labels
    grown: int

    @property
    def held_out(self) -> "Sample":
        """The customers on whom trees are judged."""
        rows = slice(self.grown, None)
        return Sample(self.readable[rows], self.matrix[rows], self.segments[rows], 0)


def explain(model: SegmentModel, features: pl.DataFrame, seed: int = 0) -> Surrogate | None:
    """Return the model as rules; None if it puts everybody in one segment.

    Args:
        model: What is explained.
        features: `UserFeatures`; those customers count to whom the model gives a segment.
        seed: Decides who is held out.
    """
    sample = drawn(model, features, seed)
    known = np.unique(sample.segments)
    if known.size < 2:  # noqa: PLR2004  one segment has no border
        return None
    trees = [grow(sample, times * known.size, seed) for times in LEAVES]
    version = model.version
    judged = [figures(tree, sample.held_out, known) for tree in trees]
    read = next((i for i, each in enumerate(judged) if overall(each) >= FAITHFUL), -1)
    return Surrogate(
        figures=SegmentSurrogate.validate(
            pl.concat(
                each.with_columns(
                    model_version=pl.lit(version), told=pl.lit(tree is trees[read], pl.Boolean)
                )
                for tree, each in zip(trees, judged, strict=True)
            )
        ),
        confusion=confusion(trees[read], sample.held_out, version),
        rules=SegmentRules.validate(
            rules_of(trees[read], sample.readable.columns, model.names).with_columns(
                model_version=pl.lit(version)
            )
        ),
        fidelity=overall(judged[read]),
    )


def told_tables(model: SegmentModel) -> dict[str, pl.DataFrame]:
    """Return the tables of a published model's rules; empty ones if it has one segment."""
    told = model.surrogate or Surrogate(
        figures=schema_of(SegmentSurrogate).to_frame(),
        confusion=schema_of(SegmentConfusion).to_frame(),
        rules=schema_of(SegmentRules).to_frame(),
    )
    tables = {
        "segment_rules": told.rules,
        "segment_surrogate": told.figures,
        "segment_confusion": told.confusion,
    }
    version = pl.lit(model.version).alias("model_version")
    return {name: table.with_columns(version) for name, table in tables.items()}


def drawn(model: SegmentModel, features: pl.DataFrame, seed: int) -> Sample:
    """Return at most `ROWS` of the customers who get a segment, in an order by lot."""
    customers = model.claimed(features).sort("user_id")
    customers = customers.sample(min(ROWS, customers.height), shuffle=True, seed=seed)
    matrix = model.found.view.matrix(customers)
    segments = model.numbers[model.found.partition.assign(matrix).labels]
    return Sample(
        model.found.view.readable(customers), matrix, segments, int(GROWN_ON * customers.height)
    )


def grow(sample: Sample, leaves: int, seed: int) -> DecisionTreeClassifier:
    """Return the tree of so many leaves that copies the segments best."""
    # One leaf more than it has segments to tell apart is of no use to a tree of two.
    tree = DecisionTreeClassifier(
        max_leaf_nodes=max(2, leaves), min_samples_leaf=LEAST_LEAF, random_state=seed
    )
    rows = slice(0, sample.grown)
    return tree.fit(sample.readable[rows].to_numpy(), sample.segments[rows])


def overall(judged: pl.DataFrame) -> float:
    """Return the accuracy over all segments."""
    return float(judged.filter(pl.col("segment").is_null())["accuracy"].item())


def figures(tree: DecisionTreeClassifier, held_out: Sample, known: Labels) -> pl.DataFrame:
    """Return how well the tree copies: one row for all segments (null) and one for each."""
    rows, truth = held_out.readable.to_numpy(), held_out.segments
    predicted = tree.predict(rows)
    scores = dict(zip(tree.classes_, tree.predict_proba(rows).T, strict=True))
    nobody = np.zeros(len(truth))
    areas = [area(truth == number, scores.get(number, nobody)) for number in known]
    by_segment = f1_score(truth, predicted, labels=known, average=None, zero_division=0.0)
    recalls = [recall(truth, predicted, number) for number in known]
    measured = [each for each in areas if each is not None]
    all_rows: dict[str, list[object]] = {
        "segment": [None, *(int(number) for number in known)],
        "customers": [len(truth), *(int((truth == number).sum()) for number in known)],
        "accuracy": [float(accuracy_score(truth, predicted)), *recalls],
        "f1": [float(by_segment.mean()), *(float(each) for each in by_segment)],
        "auc": [min(measured, default=None), *areas],
        "cost_ratio": [cost_ratio(held_out.matrix, truth, predicted), *(None for _ in known)],
    }
    return pl.DataFrame(all_rows, schema_overrides={"segment": pl.Int16}).with_columns(
        leaves=pl.lit(tree.get_n_leaves(), pl.Int64),
        leaves_allowed=pl.lit(tree.max_leaf_nodes, pl.Int64),
    )


def area(members: Labels, scores: Matrix) -> float | None:
    """Return the area under the ROC curve of one segment against the rest, if both exist."""
    return float(roc_auc_score(members, scores)) if 0 < members.sum() < members.size else None


def recall(truth: Labels, predicted: Labels, number: int) -> float | None:
    """Return the share of a segment's customers whom the tree puts there."""
    members = truth == number
    return float((predicted[members] == number).mean()) if members.any() else None


def cost_ratio(matrix: Matrix, truth: Labels, predicted: Labels) -> float:
    """Return how much further customers are from the centres of the tree's groups, squared.

    1 is as near as in the model; both are measured on its own scales, as k-means would.
    """
    model = cost(matrix, truth)
    return cost(matrix, predicted) / model if model > 0 else 1.0


def cost(matrix: Matrix, labels: Labels) -> float:
    """Return the sum of squared distances from the centre of each group."""
    groups = (matrix[labels == number] for number in np.unique(labels))
    return float(sum(((group - group.mean(axis=0)) ** 2).sum() for group in groups))


def confusion(tree: DecisionTreeClassifier, held_out: Sample, version: str) -> pl.DataFrame:
    """Return who is put where by model and tree; pairs without a customer are left out."""
    predicted = tree.predict(held_out.readable.to_numpy())
    table = pl.DataFrame({"segment": held_out.segments, "segment_by_rules": predicted})
    return SegmentConfusion.validate(
        table.cast(pl.Int16)
        .group_by("segment", "segment_by_rules")
        .agg(customers=pl.len().cast(pl.Int64))
        .sort("segment", "segment_by_rules")
        .with_columns(model_version=pl.lit(version))
    )
