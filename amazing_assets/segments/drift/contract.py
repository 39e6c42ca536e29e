"""The promise of the table about drift."""

import pandera.polars as pa
import polars as pl

from amazing_assets.lake.contract import Table
from amazing_assets.models.drift import OK, REFIT, WARN


class SegmentDrift(Table):
    """One row per month and figure: whether customers are still what they were at the fit."""

    month: pl.Date = pa.Field(description="First day of the month. Never null.")
    measure: pl.String = pa.Field(
        isin=(
            "share_psi",
            "feature_psi",
            "share",
            "mean_margin",
            "low_margin_share",
            "unclassified_share",
            "silhouette",
        ),
        description="share_psi, feature_psi: population stability index against the fit; share: of "
        "a segment among the customers who have one; mean_margin; low_margin_share: of customers "
        "with a margin below .1; unclassified_share: of all customers; silhouette. Who moved is in "
        "`segment_migrations`.",
    )
    item: pl.String = pa.Field(
        nullable=True,
        description="Feature of a feature_psi, number of a share's segment. Null: the figure is "
        "about all.",
    )
    value: pl.Float64 = pa.Field(
        nullable=True,
        description="The figure. Null: not measurable, or hidden: of fewer than 20 customers, or "
        "it would give away such a figure.",
    )
    reference: pl.Float64 = pa.Field(
        nullable=True,
        description="The same at the fit. Null: the figure compares by itself, or as above.",
    )
    level: pl.String = pa.Field(
        isin=(OK, WARN, REFIT),
        nullable=True,
        description="ok; warn: an index from .10; refit: an index from .25, or a mean margin 20 % "
        "lower than at the fit. Null: the figure has no limit.",
    )
    model_version: pl.String = pa.Field(description="Version of the segment model. Never null.")
