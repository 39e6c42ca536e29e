"""The customers a month earlier, as a search needs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.segments.behaviour.columns import require_columns
from amazing_assets.segments.behaviour.population import eligible, stratified
from amazing_assets.segments.search.settings import FIT_COLUMNS, SegmentSettings

if TYPE_CHECKING:
    import polars as pl

    from amazing_assets.segments.visits.chance import Chance


class Before(NamedTuple):
    """The snapshot of a month earlier.

    Attributes:
        features: Its `user_features`.
        revenue: `user_id` and `revenue` of the 28 days after it, of customers who spent.
    """

    features: pl.DataFrame
    revenue: pl.DataFrame | None = None

    def past(self, settings: SegmentSettings, seed: int) -> Past | None:
        """Return what the search needs of it, or None if too few could be segmented then."""
        require_columns(self.features, FIT_COLUMNS)
        customers = eligible(self.features, settings.event_threshold)
        if customers.height < settings.min_eligible:
            return None
        sample = stratified(customers, settings.sweep_rows, seed)
        return Past(sample, customers["user_id"], self.revenue)


class Evidence(NamedTuple):
    """What a search may know besides the customers themselves.

    Attributes:
        past: The customers a month earlier; None: stability in time is not measured.
        chance: Some of them by their visits; None: chance is not measured.
        without: Features that are no habits.
    """

    past: Past | None = None
    chance: Chance | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Past:
    """The eligible customers one month earlier, and what they then spent.

    Attributes:
        sample: Features of those on whom the groups of that month are learnt.
        everybody: `user_id` of all of them.
        revenue: `user_id` and `revenue` of the 28 days after that snapshot; a customer who is
            absent spent nothing. None where nobody counted.
    """

    sample: pl.DataFrame
    everybody: pl.Series
    revenue: pl.DataFrame | None
