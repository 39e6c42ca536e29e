"""How a segment model sees customers: from `user_features` to a matrix, learnt on train alone."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl
from sklearn.decomposition import PCA
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from amazing_assets.errors import PlainError
from amazing_assets.models.arrays import Matrix
from amazing_assets.segments.behaviour.columns import (
    DESIGN_COLUMNS,
    RATIOS,
    raw_design,
    require_finite,
)
from amazing_assets.segments.behaviour.steps import (
    Dropped,
    DropUninformative,
    ImputeMedian,
    LogTransform,
    ShrinkRatios,
    Winsorise,
)

VARIANCE_KEPT = 0.95


class NothingDiffersError(PlainError):
    """All customers look the same, so no two groups can be told apart."""


class Representation(Protocol):
    """Turns customers into a matrix, each by itself; `columns` is what it reads."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of `user_features` that are read."""
        ...

    def matrix(self, features: pl.DataFrame) -> Matrix:
        """Return one row per customer."""
        ...

    def readable(self, features: pl.DataFrame) -> pl.DataFrame:
        """Return what the matrix is made of, in the units of the features and without nulls."""
        ...


@dataclass(frozen=True)
class BehaviourRepresentation:
    """Behaviour on comparable scales: a fitted scikit-learn pipeline over named columns."""

    pipeline: Pipeline

    @classmethod
    def fit(
        cls, customers: pl.DataFrame, *, clipped: bool = True, without: tuple[str, ...] = ()
    ) -> "BehaviourRepresentation":
        """Return the representation learnt from these customers, without components.

        Args:
            customers: Rows of `user_features`.
            clipped: Off only to tell what clipping the extremes does.
            without: Features to leave out, for they are no habits.

        Raises:
            NothingDiffersError: No feature tells two customers apart.
            UnusableColumnsError: A feature is NaN or infinite, as read or once prepared.
        """
        steps = Pipeline(
            [
                ("shrink", ShrinkRatios()),
                ("impute", ImputeMedian()),
                ("winsorise", Winsorise() if clipped else "passthrough"),
                ("log", LogTransform()),
                ("drop", DropUninformative(without)),
            ]
        )
        informative = steps.fit_transform(raw_design(customers))
        if not informative.width:
            raise NothingDiffersError("Every feature is the same for every customer.")
        scale = StandardScaler().fit(require_finite(informative))
        return cls(Pipeline([*steps.steps, ("scale", scale)]))

    def with_components(self, matrix: Matrix) -> "BehaviourRepresentation":
        """Return the representation of the principal components that keep most of the variance."""
        components = PCA(VARIANCE_KEPT, svd_solver="full").fit(matrix)
        return BehaviourRepresentation(Pipeline([*self.pipeline.steps, ("components", components)]))

    def components(self, matrix: Matrix) -> Matrix:
        """Return the components of customers who are on the scales already."""
        return np.asarray(self.pipeline["components"].transform(matrix), dtype=np.float64)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of `user_features` that are read."""
        return DESIGN_COLUMNS

    @property
    def dropped(self) -> dict[str, Dropped]:
        """The features that were not, and why."""
        return dict(self.pipeline["drop"].dropped_)

    @property
    def gaps(self) -> dict[str, float]:
        """The features often unknown, and the share of customers of whom they are."""
        return dict(self.pipeline["impute"].missing_)

    @property
    def kept(self) -> tuple[str, ...]:
        """The features that were."""
        return tuple(self.pipeline["drop"].kept_)

    def rates(self, features: pl.DataFrame) -> pl.DataFrame:
        """Return the features with each raw rate replaced by the shrunk one."""
        shrunk = self.pipeline["shrink"].transform(raw_design(features))
        return features.with_columns(shrunk.select(ratio.name for ratio in RATIOS))

    def readable(self, features: pl.DataFrame) -> pl.DataFrame:
        """Return the features in their own units: rates shrunk, gaps filled, nothing scaled."""
        filled: pl.DataFrame = self.pipeline[:2].transform(raw_design(features))
        return filled.select(self.kept)

    def matrix(self, features: pl.DataFrame) -> Matrix:
        """Return one row per customer, on the scales learnt."""
        return np.asarray(self.pipeline.transform(raw_design(features)), dtype=np.float64)
