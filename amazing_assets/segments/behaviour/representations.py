"""The ways of seeing customers that families may ask for, each learnt from customers alone."""

from dataclasses import dataclass
from typing import Protocol

import polars as pl

from amazing_assets.models.arrays import Matrix
from amazing_assets.segments.behaviour.columns import WINDOW, require_columns, require_finite
from amazing_assets.segments.behaviour.preprocessing import BehaviourRepresentation, Representation

RFM_COLUMNS = ("recency_days", "frequency", f"monetary_{WINDOW}")


@dataclass(frozen=True)
class RfmRepresentation:
    """The three columns, all of them larger for the better customer."""

    columns: tuple[str, ...] = RFM_COLUMNS

    def matrix(self, features: pl.DataFrame) -> Matrix:
        """Return nearness in time, frequency and money of each customer."""
        return self.readable(features).with_columns(-pl.col("recency_days")).to_numpy()

    def readable(self, features: pl.DataFrame) -> pl.DataFrame:
        """Return the three columns as they are."""
        require_columns(features, RFM_COLUMNS)
        return require_finite(features.select(pl.col(RFM_COLUMNS).cast(pl.Float64))).fill_null(0)


class Learn(Protocol):
    """Learns a representation, without some features; `clipped` off leaves the extremes."""

    def __call__(
        self, customers: pl.DataFrame, *, clipped: bool = True, without: tuple[str, ...] = ()
    ) -> Representation:
        """Return the representation learnt from these customers."""
        ...


def components(
    customers: pl.DataFrame, *, clipped: bool = True, without: tuple[str, ...] = ()
) -> BehaviourRepresentation:
    """Return the principal components that keep 95 % of the variance of these customers."""
    scaled = BehaviourRepresentation.fit(customers, clipped=clipped, without=without)
    return scaled.with_components(scaled.matrix(customers))


def money(
    customers: pl.DataFrame,  # noqa: ARG001 - learns nothing
    *,
    clipped: bool = True,  # noqa: ARG001
    without: tuple[str, ...] = (),  # noqa: ARG001
) -> RfmRepresentation:
    """Return recency, frequency and money, of which nothing is learnt."""
    return RfmRepresentation()


REPRESENTATIONS: dict[str, Learn] = {
    "scaled": BehaviourRepresentation.fit,
    "pca95": components,
    "rfm": money,
}


@dataclass(frozen=True)
class Representations:
    """One sample of customers as every family may see it; learnt once and handed on.

    Attributes:
        customers: The sample.
        scaled: Behaviour on comparable scales, without components.
        representations: Each way of seeing them, learnt from them.
        matrices: The customers as each way shows them.
        without: Features that were left out, for they are no habits.
    """

    customers: pl.DataFrame
    scaled: BehaviourRepresentation
    representations: dict[str, Representation]
    matrices: dict[str, Matrix]
    without: tuple[str, ...] = ()

    @classmethod
    def learn(cls, customers: pl.DataFrame, without: tuple[str, ...] = ()) -> "Representations":
        """Return what these customers look like, without features that are no habits.

        Raises:
            NothingDiffersError: No feature tells two customers apart.
            UnusableColumnsError: A feature is NaN or infinite.
        """
        scaled = BehaviourRepresentation.fit(customers, without=without)
        matrix = scaled.matrix(customers)
        components, rfm = scaled.with_components(matrix), RfmRepresentation()
        return cls(
            customers,
            scaled,
            {"scaled": scaled, "pca95": components, "rfm": rfm},
            {
                "scaled": matrix,
                "pca95": components.components(matrix),
                "rfm": rfm.matrix(customers),
            },
            without,
        )
