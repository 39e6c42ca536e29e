"""What a task learns from: past weeks with their outcomes, and what each week is for."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from amazing_assets.churn.risk.backtest import PARTS, Slices
from amazing_assets.churn.risk.features import with_purchases
from amazing_assets.churn.risk.gathering import FEWEST_EVENTS
from amazing_assets.churn.risk.origins import mature, rolling, serving, widened
from amazing_assets.churn.risk.search import Budget
from amazing_assets.churn.value.likelihood import TooFewPurchasesError
from amazing_assets.churn.value.purchases import purchases_of
from amazing_assets.churn.value.repurchase import fit_repurchase
from amazing_assets.errors import PlainError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from amazing_assets.churn.outcomes import Task
    from amazing_assets.churn.risk.gathering import Gathered
    from amazing_assets.churn.risk.origins import Origin
    from amazing_assets.churn.value.repurchase import Repurchase

# Of a sum of fractions that are added up in another order; the last of sixteen differ.
_SURE_DIGITS = 8

# Weeks to learn from below which those just before the calibration are taken as well.
_FEWEST_SLICES = 4

# Weeks that are tested at most: the latest judge, by those before them a way of fitting is chosen.
_FOLDS = 5


class TooLittleHistoryError(PlainError):
    """Too few weeks, or too few customers in them, to fit a model and to judge it."""


class TrainingSettings(NamedTuple):
    """How much is tried.

    Attributes:
        budget: What a search of one task may take; no trials: the recipe of before is fitted
            anew, and no other is compared with it than the baselines.
        most_rows: About so many rows of past views are read.
        most_searched: Rows that a trial of the search is fitted on at most.
        most_fitted: Rows that a model is fitted on at most to be judged and used.
        fewest: Customers who did it, and who did not, of whom a model can be made.
    """

    budget: Budget = Budget()
    most_rows: int = 600_000
    most_searched: int = 15_000
    most_fitted: int = 60_000
    fewest: int = 50


class Weeks(NamedTuple):
    """The weeks of a training.

    Attributes:
        choose: By which a way of fitting is chosen; each has a model of its own.
        judge: By which it is judged, later ones: one model, of before the first of them.
        serve: Of which the model is made that is used.
    """

    choose: tuple[Origin, ...]
    judge: tuple[Origin, ...]
    serve: Origin


class Material(NamedTuple):
    """What a task learns from.

    Attributes:
        task: What is foretold.
        as_of: The reference date of the training.
        version: Of the features.
        slices: Past weeks with what happened after them.
        fewer: The same, of which models are fitted on less.
        weeks: What each is for.
        repurchase: When customers buy again; None: too few bought again for that to be known.
        digest: Of all of it: the same material makes the same model.
    """

    task: Task
    as_of: date
    version: str
    slices: Slices
    fewer: Slices
    weeks: Weeks
    repurchase: Repurchase | None
    digest: str

    def travelling(self) -> Material:
        """Return the same without what is made of it again: to be sent to another process."""
        slices = replace(self.slices, _read={})
        fewer = replace(slices, most_rows=self.fewer.most_rows)
        return self._replace(slices=slices, fewer=fewer)


def material(seen: Gathered, task: Task, settings: TrainingSettings) -> Material:
    """Return what a task learns from.

    Raises:
        TooLittleHistoryError: There are too few weeks or customers.
    """
    known = mature([*seen.by_date], task, seen.as_of)
    by_date = {day: seen.by_date[day] for day in known}
    plain = Slices(task, by_date, FEWEST_EVENTS)
    fewest = settings.fewest
    origins = (_widest(plain, each, fewest) for each in rolling(known, task, folds=_FOLDS))
    enough = [origin for origin in origins if _is_enough(plain, origin, fewest)]
    serve = serving(known, task)
    serve = serve and _widest(plain, serve, fewest)
    if not enough or serve is None or not _is_enough(plain, serve, settings.fewest):
        raise TooLittleHistoryError(too_little(task, seen.as_of, settings.fewest))
    # What models of purchases know must not come from the weeks that are tested.
    repurchase = _repurchase(seen, enough[0])
    read = {
        day: with_purchases(frame, seen.bought[day], repurchase) for day, frame in by_date.items()
    }
    slices = Slices(task, read, FEWEST_EVENTS, settings.most_fitted)
    chosen = len(enough) // 2
    # As a model is used for some weeks, and three times as fast as one for each.
    first = enough[chosen]
    judge = tuple(first._replace(test=origin.test) for origin in enough[chosen:])
    weeks = Weeks(tuple(enough[:chosen]), judge, serve)
    digest = _digest(slices, weeks)
    fewer = replace(slices, most_rows=settings.most_searched)
    return Material(task, seen.as_of, seen.version, slices, fewer, weeks, repurchase, digest)


def too_little(task: Task, as_of: date, fewest: int) -> str:
    """Return the sentence on a week of which there is no model."""
    return (
        f"{as_of} has no model of who will {task.name}: it takes weeks whose {task.horizon_days} "
        f"days after are known, with {fewest} customers who did and as many who did not; weeks to "
        "come will have them."
    )


def is_possible(dates: Sequence[date], task: Task, as_of: date) -> bool:
    """Whether there are weeks enough to fit a model and to judge it, whoever was there."""
    return bool(rolling(mature(dates, task, as_of), task, folds=1))


def _widest(slices: Slices, origin: Origin, fewest: int) -> Origin:
    """Return an origin with more weeks to learn from, if it has few and customers to hold apart.

    What happens in eight weeks is known of the first weeks of a shop alone: a model of one of them
    was judged in the place of one of ten.
    """
    happened = slices.rows([origin.calibrate]).happened
    is_few = min(happened.sum(), (1 - happened).sum()) < PARTS * fewest
    if is_few or len(origin.train) >= _FEWEST_SLICES:
        return origin
    return widened(origin, list(slices.by_date))


def _is_enough(slices: Slices, origin: Origin, fewest: int) -> bool:
    ends = (origin.calibrate, *([origin.test] if origin.test else []))
    return all(
        min(happened.sum(), (1 - happened).sum()) >= fewest
        for happened in (
            slices.rows(origin.train).happened,
            *(slices.rows([day]).happened for day in ends),
        )
    )


def _repurchase(seen: Gathered, origin: Origin) -> Repurchase | None:
    try:
        return fit_repurchase(purchases_of(seen.bought[origin.calibrate]))
    except TooFewPurchasesError:
        return None


def _digest(slices: Slices, weeks: Weeks) -> str:
    """Return what tells the same weeks from others, whoever made them and however often.

    Whole numbers count as they are; of fractions, whose last digits depend on the order in which
    they were added up, the sum counts in so many digits as are sure.
    """
    digest = hashlib.sha256()
    for day in (*weeks.serve.train, weeks.serve.calibrate):
        rows, types = slices.rows([day]), slices.by_date[day].schema
        is_whole = np.array([not types[name].is_float() for name in slices.columns], dtype=bool)
        fractions = rows.features[:, ~is_whole]
        sums = [f"{total:.{_SURE_DIGITS}g}" for total in np.nansum(np.abs(fractions), axis=0)]
        unknown = np.isnan(fractions).sum(axis=0)
        for each in (rows.owners, rows.happened, rows.features[:, is_whole], unknown):
            digest.update(np.ascontiguousarray(each).tobytes())
        digest.update(" ".join(sums).encode())
    return digest.hexdigest()[:16]
