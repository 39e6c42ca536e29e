"""The segment model: everything needed to place a customer, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from amazing_assets.customers.columns import FEATURE_VERSION
from amazing_assets.models.provenance import Provenance, data_hash, require_feature_version
from amazing_assets.progress import Progress, silent
from amazing_assets.segments.behaviour.columns import require_columns
from amazing_assets.segments.behaviour.population import (
    POPULATION_COLUMNS,
    counted,
    eligible,
    reason,
)
from amazing_assets.segments.contract import UNCLASSIFIED
from amazing_assets.segments.naming.codes import NAME_COLUMNS
from amazing_assets.segments.search.past import Evidence
from amazing_assets.segments.search.search import SearchResult, find_groups
from amazing_assets.segments.search.settings import FIT_COLUMNS, SegmentSettings

if TYPE_CHECKING:
    from amazing_assets.models.arrays import Labels
    from amazing_assets.segments.naming.codes import Name
    from amazing_assets.segments.search.past import Before
    from amazing_assets.segments.visits.chance import Chance

# Customers placed at a time: bounds the memory of a pass, not its result.
SLICE = 100_000


class Segment(NamedTuple):
    """One group of customers.

    Attributes:
        number: Stays with the segment through every refit. In a first model from 1, the largest
            first; RFM groups keep the order of their rules.
        share: Of the customers it was fitted on.
        strength: Prediction strength; None if it was not measured.
        name_drift: Whether the naming rules would call it something else by now.
    """

    number: int
    name: Name
    users: int
    share: float
    strength: float | None
    name_drift: bool = False


@dataclass(frozen=True)
class SegmentModel:
    """Fitted segments. Frozen: customers of new months are placed by it, never fitted into it."""

    found: SearchResult
    segments: tuple[Segment, ...]
    settings: SegmentSettings
    provenance: Provenance

    @classmethod
    def fit(  # noqa: PLR0913  what a search may know, each by its name
        cls,
        features: pl.DataFrame,
        settings: SegmentSettings | None = None,
        *,
        seed: int = 0,
        progress: Progress = silent,
        before: Before | None = None,
        chance: Chance | None = None,
    ) -> SegmentModel:
        """Return the model that one snapshot of `user_features` supports.

        Args:
            features: A snapshot.
            settings: How hard is searched, and what must be reached.
            seed: The same seed and features give the same model.
            progress: Is told what is done.
            before: The snapshot of a month earlier; without it stability in time is not measured,
                and the model says so.
            chance: Some of the customers by their visits; without it nobody measures what chance
                would make, and the model says so.

        Never refuses for lack of structure: the RFM grid, or one segment of everybody, and an
        `alert` are then the result.

        Raises:
            MissingColumnsError: The snapshot lacks a column.
            UnusableColumnsError: A feature holds NaN or infinity.
        """
        settings = settings or SegmentSettings()
        require_columns(features, FIT_COLUMNS)
        customers = eligible(features, settings.event_threshold)
        past = before.past(settings, seed) if before else None
        found = find_groups(customers, settings, seed, progress, Evidence(past, chance))
        origin = provenance(features, customers, settings, seed)
        return cls(found, segments(found, customers), settings, origin)

    @property
    def threshold(self) -> int:
        """Fewest events for which a segment is claimed."""
        return self.settings.event_threshold

    @property
    def selection_table(self) -> pl.DataFrame:
        """All candidates with their figures, the RFM baseline first."""
        return self.found.table

    @property
    def search_tables(self) -> dict[str, pl.DataFrame]:
        """The tables that say why the segments are what they are, by their warehouse names."""
        return {
            "segment_candidates": self.found.table,
            "segment_validation": self._validation,
            "segment_features": self.found.features,
            "segment_assigners": self.found.assigners,
        }

    @property
    def _validation(self) -> pl.DataFrame:
        """The validation with the segments' own numbers in place of their order."""
        numbers = dict(enumerate(self.numbers.tolist(), start=1))
        return self.found.validation.with_columns(
            pl.col("segment").replace_strict(numbers, return_dtype=pl.Int64)
        )

    @property
    def alert(self) -> str | None:
        """What somebody should know before publishing; None if nothing."""
        return self.found.alert

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of `user_features` that scoring reads."""
        return tuple(dict.fromkeys((*POPULATION_COLUMNS, *self.found.representation.columns)))

    @property
    def numbers(self) -> Labels:
        """The number of each group, in the order in which the clustering counts them."""
        return np.array([segment.number for segment in self.segments], dtype=np.int64)

    @property
    def names(self) -> dict[int, Name]:
        """The name of each segment, by its number."""
        return {segment.number: segment.name for segment in self.segments}

    def claimed(self, features: pl.DataFrame) -> pl.DataFrame:
        """Return the customers to whom the model gives a segment, by customer."""
        return eligible(features, self.threshold)

    @property
    def name_status(self) -> str:
        """`provisional` while a person has yet to agree to a name, else `settled`."""
        waiting = {segment.name.status for segment in self.segments} - {"settled"}
        return "provisional" if waiting else "settled"

    def place(self, features: pl.DataFrame) -> pl.DataFrame:
        """Return where each customer belongs, one row each, in their order.

        Returns:
            `user_id`, `segment` (null: none), `segment_name`, `reason` (for none) and `margin`.

        Raises:
            MissingColumnsError: The snapshot lacks a column that the model reads.
            FeatureVersionError: Its features are defined otherwise than those of the fit.
            UnusableColumnsError: A feature holds NaN or infinity.
        """
        require_columns(features, self.columns)
        self.require_version(features)
        slices = features.select(self.columns).iter_slices(SLICE)
        parts = [self._place_slice(part) for part in slices]
        return pl.concat(parts) if parts else self._place_slice(features)

    def require_version(self, features: pl.DataFrame) -> None:
        """Refuse features that are defined otherwise than those of the fit.

        Raises:
            FeatureVersionError: Names both versions.
        """
        known = self.provenance.feature_version
        require_feature_version(features, known, "segment model", "segment_model")

    def _place_slice(self, features: pl.DataFrame) -> pl.DataFrame:
        """Place customers that fit into memory together."""
        reasons = features.select(reason(self.threshold).alias("reason")).to_series()
        known = reasons.is_null()
        numbers = np.zeros(features.height, dtype=np.int16)
        margins = np.full(features.height, np.nan)
        if known.any():
            matrix = self.found.representation.matrix(features.filter(known))
            labels, margins[known.to_numpy()] = self.found.clustering.assign(matrix)
            numbers[known.to_numpy()] = self.numbers[labels]
        held = {number: name.columns for number, name in self.names.items()}
        held[0] = dict.fromkeys(NAME_COLUMNS) | {"segment_name": UNCLASSIFIED}
        number = pl.Series("segment", numbers)
        return features.select(
            "user_id",
            number.replace(0, None),
            *(
                number.replace_strict(
                    {each: name[column] for each, name in held.items()}, return_dtype=pl.String
                ).alias(column)
                for column in NAME_COLUMNS
            ),
            reasons,
            pl.Series("margin", margins).fill_nan(None),
        )


def segments(found: SearchResult, customers: pl.DataFrame) -> tuple[Segment, ...]:
    """Return each group with its size among all eligible customers."""
    groups = range(len(found.names))
    sizes = np.zeros(len(groups), dtype=np.int64)
    for part in customers.iter_slices(SLICE):
        sizes += np.bincount(found.groups(part), minlength=len(groups))
    strengths = found.strengths or (None,) * len(groups)
    total = max(customers.height, 1)
    return tuple(
        Segment(i + 1, found.names[i], int(sizes[i]), float(sizes[i] / total), strengths[i])
        for i in groups
    )


def provenance(
    features: pl.DataFrame, customers: pl.DataFrame, settings: SegmentSettings, seed: int
) -> Provenance:
    """Return where the model comes from."""
    dates = features["as_of"]
    counts = counted(features, settings.event_threshold)
    return Provenance(
        dates.min(),  # type: ignore[arg-type]  # dates
        dates.max(),  # type: ignore[arg-type]  # as above
        counts,
        data_hash(customers),
        seed,
        str(features["feature_version"].first() or FEATURE_VERSION),
    )
