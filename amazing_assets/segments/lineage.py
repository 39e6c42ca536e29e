"""What the columns of `segment_assignments` are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.segments.behaviour.population import POPULATION_COLUMNS
from amazing_assets.segments.naming.codes import NAME_COLUMNS

if TYPE_CHECKING:
    from amazing_assets.lake.lineage import Lineage
    from amazing_assets.segments.model import SegmentModel


def assignment_lineage(model: SegmentModel) -> Lineage:
    """Return which columns of `user_features` the model reads for each column that it writes."""
    made_of = {
        "user_id": ("user_id",),
        "reason": POPULATION_COLUMNS,
        **dict.fromkeys(("segment", *NAME_COLUMNS, "margin"), model.columns),
    }
    return {
        name: {("user_features", column) for column in columns} for name, columns in made_of.items()
    }
