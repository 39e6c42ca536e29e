"""The steps of preprocessing: small transformers from a frame with named columns to another.

Each learns from the customers it is fitted on and then treats every customer by itself.
"""

from typing import NamedTuple, Self

import numpy as np
import polars as pl
from sklearn.base import BaseEstimator, TransformerMixin

from amazing_assets.models.arrays import Matrix
from amazing_assets.segments.behaviour.columns import FEATURES, LOGARITHMIC, LOGISTIC, RATIOS

# Above this share a gap is told on the model card. It gets no indicator: a column of zeros and ones
# has no variance within a group, so that a mixture finds who lacks a price before anything else.
# With 10 % of the prices missing at random ARI was .86 with an indicator and .997 without.
FREQUENT_GAP = 0.05
# Clipped at .5 %, 0.5 % of bots sit just at the bound: in four of nine attacks they became a
# segment of their own. At 1 % in none, and undisturbed segments are the same (ARI .964, .965).
WINSOR = (0.01, 0.99)
LEAST_DEVIATION = 1e-9
LARGEST_COMMON_SHARE = 0.99
LARGEST_CORRELATION = 0.90
# Keeps the logit of a rate that is exactly 0 or 1 in the whole population finite.
RATE_MARGIN = 1e-6


class FrameStep(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """A transformer from polars frame to polars frame."""

    def __sklearn_is_fitted__(self) -> bool:
        """Whether anything was learnt."""
        return any(name.endswith("_") for name in vars(self))


class ShrinkRatios(FrameStep):
    """Replaces counts by rates (x + a) / (n + b), where a / b is the rate of all customers.

    The raw rate of a customer who carted once and bought once is 1; nobody believes it. The rate
    of all is learnt once, so that a rate never depends on who else is scored.
    """

    def fit(self, counts: pl.DataFrame, y: None = None) -> Self:  # noqa: ARG002 - scikit-learn's
        """Learn the rate of all customers together."""
        self.rates_ = {
            ratio.name: counts.select(
                pl.min_horizontal(ratio.hits, ratio.chances).sum()
                / pl.max_horizontal(pl.col(ratio.chances).sum(), 1)
            ).item()
            for ratio in RATIOS
        }
        return self

    def transform(self, counts: pl.DataFrame) -> pl.DataFrame:
        """Return the frame with a column more for each rate."""
        # A purchase without a cart exists in the files: hits beyond the chances are not a rate.
        return counts.with_columns(
            (
                (pl.min_horizontal(ratio.hits, ratio.chances) + ratio.strength * self.rates_[name])
                / (pl.col(ratio.chances) + ratio.strength)
            ).alias(name)
            for ratio in RATIOS
            for name in [ratio.name]
        )


class ImputeMedian(FrameStep):
    """Selects the features, the median for null; `missing_` tells where that is frequent."""

    def fit(self, frame: pl.DataFrame, y: None = None) -> Self:  # noqa: ARG002 - scikit-learn's
        """Learn the medians, and which columns are often null."""
        features = frame.select(FEATURES)
        # A column without any value becomes constant and is dropped later.
        self.medians_ = features.select(pl.all().median().fill_null(0)).row(0, named=True)
        shares = features.select(pl.all().is_null().mean()).row(0, named=True)
        self.missing_ = {name: share for name, share in shares.items() if share > FREQUENT_GAP}
        return self

    def transform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the features without nulls."""
        return frame.select(pl.col(n).fill_null(median) for n, median in self.medians_.items())


class Winsorise(FrameStep):
    """Clips each column to its central 98 %: 0.5 % bots otherwise decide the clustering."""

    def fit(self, frame: pl.DataFrame, y: None = None) -> Self:  # noqa: ARG002 - scikit-learn's
        """Learn the bounds."""
        # Inner neighbours: interpolated, a bound between a customer and a bot is half a bot.
        low = frame.select(pl.all().quantile(WINSOR[0], "higher")).row(0, named=True)
        high = frame.select(pl.all().quantile(WINSOR[1], "lower")).row(0, named=True)
        self.bounds_ = {name: (low[name], high[name]) for name in frame.columns}
        return self

    def transform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the frame within the bounds."""
        return frame.select(pl.col(n).clip(*bounds) for n, bounds in self.bounds_.items())


class LogTransform(FrameStep):
    """Takes logarithms of what multiplies and logits of rates."""

    def fit(self, frame: pl.DataFrame, y: None = None) -> Self:  # noqa: ARG002 - scikit-learn's
        """Remember the columns; there is nothing to learn."""
        self.columns_ = frame.columns
        return self

    def transform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the frame on scales where differences are comparable."""
        rates = pl.col(LOGISTIC).clip(RATE_MARGIN, 1 - RATE_MARGIN)
        return frame.with_columns(pl.col(LOGARITHMIC).log1p(), (rates / (1 - rates)).log())


class Dropped(NamedTuple):
    """Why a column is not worth keeping.

    Attributes:
        code: `constant`; `one_value`, the same in nearly all rows; `redundant_with` another;
            `no_habit`, from visit to visit customers repeat it no more than chance does.
        other: The column that says the same; None: no other does.
        figure: Share of the rows with one value, or Spearman's correlation with the other column;
            None of a constant.
    """

    code: str
    other: str | None = None
    figure: float | None = None


class DropUninformative(FrameStep):
    """Drops columns that say nothing, or what another says; `dropped_` tells why."""

    def __init__(self, without: tuple[str, ...] = ()) -> None:
        """Keep in mind which columns are no habits, as somebody has measured."""
        self.without = without

    def fit(self, frame: pl.DataFrame, y: None = None) -> Self:  # noqa: ARG002 - scikit-learn's
        """Learn which columns are worth keeping."""
        faults = {name: near_constant(frame[name]) for name in frame.columns}
        faults |= {name: Dropped("no_habit") for name in self.without if not faults[name]}
        self.dropped_ = {name: fault for name, fault in faults.items() if fault}
        self.kept_: list[str] = []
        ranks = frame.select(pl.all().rank()).to_numpy()
        for name in (name for name in frame.columns if name not in self.dropped_):
            if fault := redundant_with(frame, ranks, name, self.kept_):
                self.dropped_[name] = fault
            else:
                self.kept_.append(name)
        return self

    def transform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the columns worth keeping."""
        return frame.select(self.kept_)


def near_constant(column: pl.Series) -> Dropped | None:
    """Return why a column says nothing, or None."""
    share = float(column.value_counts()["count"].to_numpy().max() / len(column))
    if np.std(column.to_numpy()) < LEAST_DEVIATION:
        return Dropped("constant")
    return Dropped("one_value", figure=share) if share > LARGEST_COMMON_SHARE else None


def redundant_with(
    frame: pl.DataFrame, ranks: Matrix, name: str, kept: list[str]
) -> Dropped | None:
    """Return which kept column a column repeats, or None."""
    mine = ranks[:, frame.columns.index(name)]
    for other in kept:
        correlation = float(np.corrcoef(mine, ranks[:, frame.columns.index(other)])[0, 1])
        if abs(correlation) > LARGEST_CORRELATION:
            return Dropped("redundant_with", other, correlation)
    return None
