"""Which weeks a model is fitted on, calibrated on and tested on, as it could have been then."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from amazing_assets.churn.outcomes import Task

MOST_SLICES = 12


class Origin(NamedTuple):
    """Reference dates, oldest first, none of which knows what the next ones are asked.

    Attributes:
        train: On which a model is fitted.
        calibrate: On which its scores become probabilities; what happened on the last date to train
            was known by then.
        test: On which both are judged; None: they are used.
    """

    train: tuple[date, ...]
    calibrate: date
    test: date | None

    def overlaps(self, task: Task) -> bool:
        """Whether what happened after a date to train was not known yet by the calibration."""
        return max(self.train) > self.calibrate - timedelta(days=task.horizon_days)


def mature(dates: Sequence[date], task: Task, data_end: date) -> tuple[date, ...]:
    """Return the reference dates of which it is known what happened, oldest first."""
    return tuple(day for day in sorted(dates) if task.is_mature(day, data_end))


def serving(known: Sequence[date], task: Task, most: int = MOST_SLICES) -> Origin | None:
    """Return the weeks of a model that is used now; None: there are too few.

    Args:
        known: Reference dates of which it is known what happened, of `mature`.
        task: What is foretold.
        most: Slices to train on.
    """
    return _origin(known, None, task, most) if known else None


def rolling(
    known: Sequence[date], task: Task, most: int = MOST_SLICES, folds: int = 3
) -> tuple[Origin, ...]:
    """Return the weeks of models as they would have been used in the past, oldest first.

    The latest dates to test; each model sees only what had happened by its calibration, which
    happened by its test where the weeks reach so far back, and before it in any case.

    Args:
        known: Reference dates of which it is known what happened, of `mature`.
        task: What is foretold.
        most: Slices to train on.
        folds: Dates to test.
    """
    found = (_origin([d for d in known if d < test], test, task, most) for test in known[-folds:])
    return tuple(origin for origin in found if origin is not None)


def widened(origin: Origin, known: Sequence[date], most: int = MOST_SLICES) -> Origin:
    """Return an origin that trains on the weeks just before its calibration as well.

    They overlap with it, so that other customers have to calibrate.
    """
    return origin._replace(train=tuple(d for d in known if d < origin.calibrate)[-most:])


def _origin(before: Sequence[date], test: date | None, task: Task, most: int) -> Origin | None:
    horizon = timedelta(days=task.horizon_days)
    apart = [day for day in before if test is None or day <= test - horizon]
    # With an embargo before the test as well, or else without one: never less before calibration.
    for calibrate in (*apart[-1:], *before[-1:]):
        train = tuple(day for day in before if day <= calibrate - horizon)[-most:]
        if train:
            return Origin(train, calibrate, test)
    return None
