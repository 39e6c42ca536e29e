"""How well a tree copies the segments, on customers who took no part in growing it."""

from typing import NamedTuple

import numpy as np
import polars as pl
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score, roc_curve

from amazing_assets.segments.candidates import Labels, Matrix
from amazing_assets.segments.contract import SegmentConfusion, SegmentRoc
from amazing_assets.segments.tree import Tree


class Customers(NamedTuple):
    """Customers as a person reads them and as the model does, and their segments."""

    readable: pl.DataFrame
    matrix: Matrix
    segments: Labels

    def rows(self, chosen: slice) -> "Customers":
        """Return some of them."""
        return Customers(self.readable[chosen], self.matrix[chosen], self.segments[chosen])


def figures(tree: Tree, held_out: Customers, known: Labels) -> pl.DataFrame:
    """Return how well the tree copies: one row for all segments (null) and one for each."""
    rows, truth = held_out.readable.to_numpy(), held_out.segments
    predicted = tree.predict(rows)
    scores = dict(zip(tree.classes, tree.shares(rows).T, strict=True))
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
        leaves=pl.lit(tree.leaves, pl.Int64),
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


def confusion(tree: Tree, held_out: Customers, version: str) -> pl.DataFrame:
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


def curves(tree: Tree, held_out: Customers, version: str) -> pl.DataFrame:
    """Return `SegmentRoc`: each segment told from the rest by its share of the tree's leaves.

    A tree has as many steps as leaves, so that the curves are short and exact.
    """
    shares = tree.shares(held_out.readable.to_numpy()).T
    drawn = [
        roc_points(int(number), held_out.segments == number, scores)
        for number, scores in zip(tree.classes, shares, strict=True)
        if 0 < (held_out.segments == number).sum() < held_out.segments.size
    ]
    table = pl.concat(drawn).with_columns(model_version=pl.lit(version))
    return SegmentRoc.validate(table)


def roc_points(number: int, members: Labels, scores: Matrix) -> pl.DataFrame:
    """Return the curve of one segment, from (0, 0) to (1, 1)."""
    false_positives, true_positives, _ = roc_curve(members, scores)
    points = {"false_positive_rate": false_positives, "true_positive_rate": true_positives}
    return pl.DataFrame(points).select(
        pl.lit(number, pl.Int16).alias("segment"),
        *(pl.col(name).cast(pl.Float64) for name in points),
    )
