"""Models fitted, calibrated and tested week by week, as they would have been used."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amazing_assets.churn.outcomes import population
from amazing_assets.churn.risk.features import PURCHASE_FEATURES, matrix, view_features
from amazing_assets.churn.risk.recipes import Rows, fit
from amazing_assets.models.calibration import fit_calibration, shift_to
from amazing_assets.models.probabilities import Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from amazing_assets.churn.outcomes import Task
    from amazing_assets.churn.risk.origins import Origin
    from amazing_assets.churn.risk.recipes import Recipe
    from amazing_assets.churn.risk.scorers import Scorer
    from amazing_assets.models.arrays import Matrix
    from amazing_assets.models.calibration import Calibration


# Of fewer who did it, or did not, how often it happens by now is chance.
FEWEST_FOR_LEVEL = 50

_NOTHING = 1e-9

# Of so many customers one calibrates where weeks overlap, and the others are learnt from.
PARTS = 3


@dataclass(frozen=True)
class Slices:
    """What is known of customers at some reference dates, and what they did then, for one task.

    Attributes:
        task: What is foretold.
        by_date: Of each date a row a customer: `user_id`, columns of the view, of the purchases,
            and of `outcomes_after`.
        fewest_events: Events of the history from which on a customer's habits are known.
        most_rows: On which a model is fitted; None: on all.
    """

    task: Task
    by_date: Mapping[date, pl.DataFrame]
    fewest_events: int
    most_rows: int | None = None
    _read: dict[date, Rows] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The features there are."""
        known = next(iter(self.by_date.values())).columns
        return tuple(c for c in (*view_features(), *PURCHASE_FEATURES) if c in known)

    def asked(self, dates: Iterable[date]) -> pl.DataFrame:
        """Return the customers who are asked about at some dates."""
        is_asked = population(self.task.name, self.fewest_events)
        return pl.concat([self.by_date[day].filter(is_asked) for day in dates])

    def rows(self, dates: Iterable[date], columns: Sequence[str] | None = None) -> Rows:
        """Return some features of the customers who are asked about, and what they did."""
        found = [self._rows(day) for day in dates]
        places = [self.columns.index(name) for name in columns or ()]
        parts = (r.features if columns is None else r.features[:, places] for r in found)
        return Rows(
            np.concatenate([*parts]),
            np.concatenate([rows.happened for rows in found]),
            np.concatenate([rows.owners for rows in found]),
        )

    def _rows(self, day: date) -> Rows:
        """Return all features at a date: turned into numbers once, for all who ask."""
        if day not in self._read:
            frame = self.asked([day])
            happened = frame.select(happened=self.task.happens.cast(pl.Float64))["happened"]
            self._read[day] = Rows(
                matrix(frame, self.columns), happened.to_numpy(), frame["user_id"].to_numpy()
            )
        return self._read[day]


@dataclass(frozen=True)
class RiskModel:
    """How likely customers are to do something.

    Attributes:
        scores: Fitted on earlier weeks.
        calibration: Of the scores, by a later week.
        columns: What it reads.
    """

    scores: Scorer
    calibration: Calibration
    columns: tuple[str, ...]

    def probabilities(self, customers: pl.DataFrame) -> Matrix:
        """Return the probability of each customer of a view, whoever else is in it."""
        return self.calibration.apply(self.scores(matrix(customers, self.columns)))

    def at_level_of(self, told: Told) -> RiskModel:
        """Return the model set right by what it told and what happened; of few who did it, itself.

        Who is asked about changes in the weeks after the one that calibrated: of those who are away
        ever more have been away for long. All odds move by one factor, and ranks stay. Only so far
        as what happened is not chance (the positive part of James and Stein).
        """
        did, chance = float(told.happened.sum()), told.probability * (1 - told.probability)
        if min(did, len(told.happened) - did) < FEWEST_FOR_LEVEL:
            return self
        beyond = 1 - chance.sum() / max((did - told.probability.sum()) ** 2, _NOTHING)
        if beyond <= 0:
            return self
        shift = beyond * shift_to(told.probability, did / len(told.happened))
        return replace(self, calibration=self.calibration.shifted(shift))


def fitted(recipe: Recipe, slices: Slices, origin: Origin, seed: int) -> RiskModel:
    """Return a model fitted on the weeks to train and calibrated on the week after them."""
    columns = slices.columns if recipe.columns is None else recipe.columns
    known, later = slices.rows(origin.train, columns), slices.rows([origin.calibrate], columns)
    if origin.overlaps(slices.task):
        # What calibrates must not have been learnt: of other customers it was not.
        known = known.at(known.owners % PARTS > 0)
        later = later.at(later.owners % PARTS == 0)
    scores = fit(recipe, drawn(known, slices.most_rows, seed), seed)
    return RiskModel(scores, fit_calibration(scores(later.features), later.happened), columns)


def drawn(rows: Rows, most: int | None, seed: int) -> Rows:
    """Return some rows of too many: weeks resemble each other, and half of them tell as much."""
    if most is None or len(rows.happened) <= most:
        return rows
    random = np.random.default_rng(seed)
    return rows.at(np.sort(random.choice(len(rows.happened), most, replace=False)))


def judged(model: RiskModel, slices: Slices, day: date) -> Told:
    """Return what a model says of a week, and what happened."""
    rows = slices.rows([day], model.columns)
    told = model.calibration.apply(model.scores(rows.features))
    return Told(told, rows.happened, rows.owners)


def backtest(recipe: Recipe, slices: Slices, origins: Sequence[Origin], seed: int) -> Told:
    """Return what models of a recipe would have said week after week, and what happened."""
    said = [
        judged(_as_used(model, slices, origin.calibrate, origin.test), slices, origin.test)
        for model, origin in _fitted_once(recipe, slices, origins, seed)
        if origin.test is not None
    ]
    return Told(*(np.concatenate(parts) for parts in zip(*said, strict=True)))


def _as_used(model: RiskModel, slices: Slices, calibrated: date, day: date) -> RiskModel:
    """Return a model as it would have been used on a day: at the level known by then."""
    newest = day - timedelta(days=slices.task.horizon_days)
    if newest <= calibrated or newest not in slices.by_date:
        return model
    return model.at_level_of(judged(model, slices, newest))


def _fitted_once(
    recipe: Recipe, slices: Slices, origins: Iterable[Origin], seed: int
) -> Iterator[tuple[RiskModel, Origin]]:
    """Yield the model of each origin; those that learn of the same weeks share one."""
    known: dict[tuple[tuple[date, ...], date], RiskModel] = {}
    for origin in origins:
        learns_of = (origin.train, origin.calibrate)
        if learns_of not in known:
            known[learns_of] = fitted(recipe, slices, origin, seed)
        yield known[learns_of], origin
