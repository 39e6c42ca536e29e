"""How well a tree copies the segments, on customers who took no part in growing it."""

from typing import NamedTuple

import numpy as np
import polars as pl
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score, roc_curve

from amazing_assets.lake.contract import schema_of
from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.models.tables import unversioned
from amazing_assets.segments.explanation.contract import (
    SegmentRoc,
    SegmentSurrogate,
)
from amazing_assets.segments.explanation.tree import Tree
from amazing_assets.small_cells import HIDDEN, SMALLEST_CELL, blank, hide_small_cells, with_nobody

MODEL, RULES = "segment", "segment_by_rules"


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
    schema = schema_of(SegmentSurrogate)
    judged = pl.DataFrame(all_rows, schema={name: schema[name] for name in all_rows})
    return published(judged, cells(truth, predicted)).with_columns(
        leaves=pl.lit(tree.leaves, pl.Int64),
    )


def published(judged: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Return the figures without those that would tell on the hidden cells of the confusion.

    Accuracy times customers is the cell of those whom tree and model place alike; with F1 it gives
    the sum of the column.
    """
    overall = judged.filter(pl.col(MODEL).is_null())
    segments = judged.drop_nulls(MODEL).with_columns(users="customers", line=pl.lit(0))
    alike = counted.filter("is_alike", ~pl.col(HIDDEN))[MODEL]
    told = pl.col(MODEL).is_in(alike.implode())
    shown = (
        blank(hide_small_cells(segments, ("line",)), "customers")
        .with_columns(pl.when(pl.col("users").is_not_null(), told).then(pl.col("accuracy", "f1")))
        .select(judged.columns)
    )
    return pl.concat([overall, shown])


def can_be_told(members: Labels) -> bool:
    """Return whether enough customers are in a segment, and enough outside."""
    return bool(SMALLEST_CELL <= members.sum() <= members.size - SMALLEST_CELL)


def area(members: Labels, scores: Matrix) -> float | None:
    """Return the area under the ROC curve of one segment against the rest, if it can be told."""
    return float(roc_auc_score(members, scores)) if can_be_told(members) else None


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


def confusion(tree: Tree, held_out: Customers) -> pl.DataFrame:
    """Return the `SegmentConfusion`: who is put where by model and tree."""
    shown = blank(cells(held_out.segments, tree.predict(held_out.readable.to_numpy())))
    return shown.select(MODEL, RULES, customers="users")


def cells(truth: Labels, predicted: Labels) -> pl.DataFrame:
    """Return how many `users` are put where, with what must not be shown marked."""
    counted = (
        pl.DataFrame({MODEL: truth, RULES: predicted})
        .cast(pl.Int16)
        .group_by(MODEL, RULES)
        .agg(users=pl.len().cast(pl.Int64))
    )
    every = with_nobody(counted, (MODEL,), (RULES,)).sort(MODEL, RULES)
    # The accuracy over all segments is the sum of those placed alike.
    alike = every.with_columns(is_alike=pl.col(MODEL) == pl.col(RULES))
    return hide_small_cells(alike, (MODEL,), (RULES,), ("is_alike",))


def curves(tree: Tree, held_out: Customers) -> pl.DataFrame:
    """Return `SegmentRoc`: each segment told from the rest by its share of the tree's leaves.

    A tree has as many steps as leaves, so that the curves are short and exact. Of a segment of
    fewer than 20 customers there is none.
    """
    shares = tree.shares(held_out.readable.to_numpy()).T
    drawn = [
        roc_points(int(number), held_out.segments == number, scores)
        for number, scores in zip(tree.classes, shares, strict=True)
        if can_be_told(held_out.segments == number)
    ]
    return pl.concat([unversioned(SegmentRoc).to_frame(), *drawn])


def roc_points(number: int, members: Labels, scores: Matrix) -> pl.DataFrame:
    """Return the curve of one segment, from (0, 0) to (1, 1)."""
    false_positives, true_positives, _ = roc_curve(members, scores)
    points = {"false_positive_rate": false_positives, "true_positive_rate": true_positives}
    return pl.DataFrame(points).select(
        pl.lit(number, pl.Int16).alias("segment"),
        *(pl.col(name).cast(pl.Float64) for name in points),
    )
