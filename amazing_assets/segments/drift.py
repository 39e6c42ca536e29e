"""Whether customers still are what they were when the segments were found, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from amazing_assets.dates import first_day
from amazing_assets.lake.contract import schema_of
from amazing_assets.segments.contract import OK, REFIT, WARN, SegmentDrift
from amazing_assets.segments.design import UndescribedError
from amazing_assets.segments.silhouettes import silhouettes
from amazing_assets.segments.suppression import HIDDEN, hide_small_cells
from amazing_assets.segments.training import load_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from amazing_assets.lake.table import Lake
    from amazing_assets.segments.candidates import Labels, Matrix
    from amazing_assets.segments.model import SegmentModel

# Population stability index: the bands that credit scoring has used for decades.
PSI_WARN, PSI_REFIT = 0.10, 0.25

# A mean margin this much lower than at the fit: the segments have moved into each other.
MARGIN_LOSS = 0.20
LOW_MARGIN = 0.10

BINS = 10

# An empty bin counts as one customer in ten thousand, or the logarithm would be infinite.
LEAST_SHARE = 1e-4

# Customers whose distances to each other are measured for a silhouette: n x n of them.
SILHOUETTE_ROWS = 2_000

LEVELS = (OK, WARN, REFIT)


class Scored(NamedTuple):
    """The customers of a month as a model placed them.

    Attributes:
        segments: Number of the segment of each customer who has one.
        margins: Theirs; NaN where rules know no doubt.
        matrix: They on the model's scales.
        readable: They in the units of the features.
        unclassified: Customers without a segment.
    """

    segments: Labels
    margins: Matrix
    matrix: Matrix
    readable: pl.DataFrame
    unclassified: int


class Reference(NamedTuple):
    """What the customers were like when the model was fitted.

    Attributes:
        as_of: Reference date of the snapshot.
        shares: Of each segment among the customers who have one.
        edges: Of each feature, the inner borders of at most ten bins of equal size.
        bins: Share of each of these bins.
        margin: Mean margin; None if the model knows no doubt.
        low_margin: Share of customers with a margin below .1.
        unclassified: Share of the customers without a segment.
        silhouette: Of the segments; None if there is one.
    """

    as_of: date
    shares: dict[int, float]
    edges: dict[str, tuple[float, ...]]
    bins: dict[str, tuple[float, ...]]
    margin: float | None
    low_margin: float | None
    unclassified: float
    silhouette: float | None


def score(model: SegmentModel, features: pl.DataFrame) -> Scored:
    """Return the customers as the model places them."""
    customers = model.claimed(features)
    matrix = model.found.view.matrix(customers)
    placed = model.found.partition.assign(matrix)
    return Scored(
        model.numbers[placed.labels],
        placed.margins,
        matrix,
        model.found.view.readable(customers),
        features.height - customers.height,
    )


def describe(scored: Scored, as_of: date, numbers: Labels) -> Reference:
    """Return what these customers are like, to compare later months with."""
    edges = {name: borders(scored.readable[name].to_numpy()) for name in scored.readable.columns}
    return Reference(
        as_of,
        shares_of(scored.segments, numbers),
        edges,
        binned(scored.readable, edges),
        mean_margin(scored.margins),
        low_margin(scored.margins),
        unclassified_share(scored),
        silhouette(scored),
    )


def drift_of_month(lake: Lake, model: SegmentModel, month: str) -> pl.DataFrame:
    """Return `SegmentDrift` of a month of the lake, everybody placed by this model.

    Raises:
        LakeError: The lake lacks the month's features.
        UndescribedError: The model does not know what its customers were like.
    """
    if model.reference is None:
        raise UndescribedError(
            f"Version {model.version} of the segment model does not say what its customers were "
            "like; materialize segment_model again."
        )
    scored = score(model, load_columns(lake, month, model.columns))
    return segment_drift(model.reference, scored, first_day(month), model.version)


def segment_drift(reference: Reference, scored: Scored, month: date, version: str) -> pl.DataFrame:
    """Return `SegmentDrift` of a month.

    Args:
        reference: The month of the fit.
        scored: The customers of the month.
        month: First day of the month.
        version: Of the model.
    """
    now = describe(scored, reference.as_of, np.array(list(reference.shares)))._replace(
        bins=binned(scored.readable, reference.edges)
    )
    hidden = too_small(scored.segments, reference)
    rows = [*stability(reference, now, hidden), *clarity(reference, now)]
    names = ("measure", "item", "value", "reference", "level")
    schema = {name: schema_of(SegmentDrift)[name] for name in names}
    return (
        pl.DataFrame(rows, schema=schema, orient="row")
        .with_columns(month=pl.lit(month), model_version=pl.lit(version))
        .pipe(SegmentDrift.validate)
    )


Row = tuple[str, str | None, float | None, float | None, str | None]


def too_small(segments: Labels, reference: Reference) -> list[int]:
    """Return the numbers of the segments whose share would tell on a few customers."""
    counts = pl.DataFrame(
        {
            "number": list(reference.shares),
            "users": [int((segments == number).sum()) for number in reference.shares],
        },
        schema={"number": pl.Int64, "users": pl.Int64},
    )
    marked = hide_small_cells(counts.with_columns(line=pl.lit(0)), ("line",))
    return marked.filter(HIDDEN)["number"].to_list()


def stability(reference: Reference, now: Reference, hidden: Collection[int]) -> Iterator[Row]:
    """Yield how far segments and features are distributed as they were."""
    moved = psi(tuple(reference.shares.values()), tuple(now.shares.values()))
    yield "share_psi", None, moved, None, psi_level(moved)
    for name, bins in reference.bins.items():
        moved = psi(bins, now.bins[name])
        yield "feature_psi", name, moved, None, psi_level(moved)
    for number, share in now.shares.items():
        told = (None, None) if number in hidden else (share, reference.shares[number])
        yield "share", str(number), *told, None


def clarity(reference: Reference, now: Reference) -> Iterator[Row]:
    """Yield how clearly customers still belong to their segments."""
    lost = (
        reference.margin is not None
        and now.margin is not None
        and now.margin <= (1 - MARGIN_LOSS) * reference.margin
    )
    yield "mean_margin", None, now.margin, reference.margin, REFIT if lost else OK
    yield "low_margin_share", None, now.low_margin, reference.low_margin, None
    yield "unclassified_share", None, now.unclassified, reference.unclassified, None
    yield "silhouette", None, now.silhouette, reference.silhouette, None


def alarms(drift: pl.DataFrame) -> list[str]:
    """Return what moved and how far, as `share_psi 0.31`, the gravest first."""
    moved = drift.filter(pl.col("level").is_in((WARN, REFIT))).sort(
        pl.col("level") == WARN, -pl.col("value")
    )
    named = pl.concat_str("measure", "item", separator=" ", ignore_nulls=True)
    return [f"{name} {value:.2f}" for name, value in moved.select(named, "value").iter_rows()]


def worst(drift: pl.DataFrame) -> str:
    """Return the gravest level in the table."""
    return max(drift["level"].drop_nulls(), key=LEVELS.index, default=OK)


def psi(expected: tuple[float, ...], actual: tuple[float, ...]) -> float:
    """Return the population stability index of two distributions over the same bins."""
    p, q = (np.maximum(shares, LEAST_SHARE) for shares in (expected, actual))
    return float(((q - p) * np.log(q / p)).sum())


def psi_level(value: float) -> str:
    """Return what a population stability index asks for."""
    return REFIT if value >= PSI_REFIT else WARN if value >= PSI_WARN else OK


def borders(values: Matrix) -> tuple[float, ...]:
    """Return the inner borders of ten bins of equal size; equal values leave fewer."""
    inner = np.quantile(values, np.arange(1, BINS) / BINS) if values.size else np.array([])
    return tuple(float(border) for border in np.unique(inner))


def binned(
    readable: pl.DataFrame, edges: Mapping[str, tuple[float, ...]]
) -> dict[str, tuple[float, ...]]:
    """Return the share of customers in each bin of each feature."""
    return {
        name: shares(np.searchsorted(inner, readable[name].to_numpy()), len(inner) + 1)
        for name, inner in edges.items()
    }


def shares(bins: Labels, count: int) -> tuple[float, ...]:
    """Return the share of each of so many bins."""
    counts = np.bincount(bins, minlength=count) / max(len(bins), 1)
    return tuple(float(share) for share in counts)


def shares_of(segments: Labels, numbers: Labels) -> dict[int, float]:
    """Return the share of each segment."""
    return {
        int(number): float((segments == number).mean()) if len(segments) else 0.0
        for number in numbers
    }


def mean_margin(margins: Matrix) -> float | None:
    """Return the mean margin, or None where there is none."""
    return float(margins.mean()) if margins.size and not np.isnan(margins).any() else None


def low_margin(margins: Matrix) -> float | None:
    """Return the share of customers who might as well be elsewhere."""
    return None if mean_margin(margins) is None else float((margins < LOW_MARGIN).mean())


def unclassified_share(scored: Scored) -> float:
    """Return the share of customers without a segment."""
    everybody = len(scored.segments) + scored.unclassified
    return scored.unclassified / everybody if everybody else 0.0


def silhouette(scored: Scored) -> float | None:
    """Return the silhouette of the segments on the model's scales, over a sample."""
    rows = np.random.default_rng(0).permutation(len(scored.segments))[:SILHOUETTE_ROWS]
    numbers, labels = np.unique(scored.segments[rows], return_inverse=True)
    if numbers.size < 2:  # noqa: PLR2004  one segment has no silhouette
        return None
    (found,) = silhouettes(scored.matrix[rows], [labels])
    return float(found.mean())
