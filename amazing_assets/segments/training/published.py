"""A model with everything that is published beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.models.tables import UNPUBLISHED, versioned
from amazing_assets.segments.contract import SegmentAssignments

if TYPE_CHECKING:
    from datetime import date

    from amazing_assets.segments.drift.reference import Reference
    from amazing_assets.segments.explanation.surrogate import Surrogate
    from amazing_assets.segments.model import SegmentModel
    from amazing_assets.segments.threshold.choice import ThresholdChoice


@dataclass(frozen=True)
class Published:
    """What a version of the segment model consists of; made once, by `refit`.

    Attributes:
        model: Places customers.
        choice: Why a segment is claimed from so many events on.
        reference: What the customers were like at the fit; None: nobody was eligible.
        surrogate: The model told as rules; None with one segment, which has none.
        version: As registered; `unpublished` before.
    """

    model: SegmentModel
    choice: ThresholdChoice
    reference: Reference | None = None
    surrogate: Surrogate | None = None
    version: str = UNPUBLISHED

    @property
    def fidelity(self) -> float | None:
        """Share of customers whom the rules place as the model does; None without rules."""
        return self.surrogate.fidelity if self.surrogate else None

    def assign(self, features: pl.DataFrame, month: date) -> pl.DataFrame:
        """Return the `SegmentAssignments` of the customers, one row each, in their order.

        Raises:
            MissingColumnsError: The snapshot lacks a column that the model reads.
            FeatureVersionError: Its features are defined otherwise than those of the fit.
            UnusableColumnsError: A feature holds NaN or infinity.
        """
        placed = self.model.place(features).with_columns(month=pl.lit(month))
        return versioned(placed, SegmentAssignments, self.version)
