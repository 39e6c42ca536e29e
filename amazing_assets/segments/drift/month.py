"""Whether customers still are what they were when the segments were found, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amazing_assets.dates import first_day
from amazing_assets.errors import PlainError
from amazing_assets.lake.contract import schema_of
from amazing_assets.models.drift import OK, REFIT, binned, psi, psi_level
from amazing_assets.segments.behaviour.columns import load_columns
from amazing_assets.segments.drift.contract import SegmentDrift
from amazing_assets.segments.drift.reference import Reference, Scored, describe
from amazing_assets.small_cells import HIDDEN, SMALLEST_CELL, hide_small_cells

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from amazing_assets.lake.table import Lake
    from amazing_assets.models.arrays import Labels
    from amazing_assets.segments.model import SegmentModel


class UndescribedError(PlainError):
    """A model does not say what its customers were like: no month can be compared with them."""


# A mean margin this much lower than at the fit: the segments have moved into each other.
MARGIN_LOSS = 0.20


def score(model: SegmentModel, features: pl.DataFrame) -> Scored:
    """Return the customers as the model places them."""
    customers = model.claimed(features)
    matrix = model.found.representation.matrix(customers)
    placed = model.found.clustering.assign(matrix)
    return Scored(
        model.numbers[placed.labels],
        placed.margins,
        matrix,
        model.found.representation.readable(customers),
        features.height - customers.height,
    )


def drift_of_month(
    lake: Lake, model: SegmentModel, reference: Reference | None, month: str
) -> pl.DataFrame:
    """Return `SegmentDrift` of a month of the lake, everybody placed by this model.

    Args:
        lake: Has the month's features.
        model: Places the customers.
        reference: What they were like when it was fitted; None: not known.
        month: As `2019-10`.

    Returns:
        The table without the version of the model.

    Raises:
        LakeError: The lake lacks the month's features.
        UndescribedError: The model does not know what its customers were like.
    """
    if reference is None:
        raise UndescribedError(
            "The segment model does not say what its customers were like; materialize "
            "segment_model again."
        )
    features = load_columns(lake, month, model.columns)
    model.require_version(features)
    return segment_drift(reference, score(model, features), first_day(month))


def segment_drift(reference: Reference, scored: Scored, month: date) -> pl.DataFrame:
    """Return `SegmentDrift` of a month.

    Args:
        reference: The month of the fit.
        scored: The customers of the month.
        month: First day of the month.
    """
    now = describe(scored, reference.as_of, np.array(list(reference.shares)))._replace(
        bins=binned(scored.readable, reference.edges)
    )
    hidden = too_small(scored.segments, reference)
    # Bins of a few customers move by chance, and would tell where each of them went.
    few = 0 < len(scored.segments) < SMALLEST_CELL
    moved = [] if few else [*stability(reference, now)]
    rows = [*moved, *shares(reference, now, hidden), *clarity(reference, now)]
    names = ("measure", "item", "value", "reference", "level")
    schema = {name: schema_of(SegmentDrift)[name] for name in names}
    return pl.DataFrame(rows, schema=schema, orient="row").select(
        pl.lit(month).alias("month"), pl.all()
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


def stability(reference: Reference, now: Reference) -> Iterator[Row]:
    """Yield how far segments and features are distributed as they were."""
    moved = psi(tuple(reference.shares.values()), tuple(now.shares.values()))
    yield "share_psi", None, moved, None, psi_level(moved)
    for name, bins in reference.bins.items():
        moved = psi(bins, now.bins[name])
        yield "feature_psi", name, moved, None, psi_level(moved)


def shares(reference: Reference, now: Reference, hidden: Collection[int]) -> Iterator[Row]:
    """Yield the share of each segment, unless it would tell on a few customers."""
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
