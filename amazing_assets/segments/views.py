"""The ways of seeing customers that families may ask for, each learnt from customers alone."""

from typing import Protocol

import polars as pl

from amazing_assets.segments.preprocessing import BehaviourView, View
from amazing_assets.segments.rfm import RfmView


class Learn(Protocol):
    """Learns a view; `clipped` off leaves the extremes where they are."""

    def __call__(self, customers: pl.DataFrame, *, clipped: bool = True) -> View:
        """Return the view learnt from these customers."""
        ...


def components(customers: pl.DataFrame, *, clipped: bool = True) -> BehaviourView:
    """Return the principal components that keep 95 % of the variance of these customers."""
    scaled = BehaviourView.fit(customers, clipped=clipped)
    return scaled.with_components(scaled.matrix(customers))


def money(customers: pl.DataFrame, *, clipped: bool = True) -> RfmView:  # noqa: ARG001 - learns nothing
    """Return recency, frequency and money, of which nothing is learnt."""
    return RfmView()


LEARN: dict[str, Learn] = {"scaled": BehaviourView.fit, "pca95": components, "rfm": money}
