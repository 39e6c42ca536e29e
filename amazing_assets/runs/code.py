"""The definitions that runs load, and how a run tells of its steps."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache

import dagster as dg

from amazing_assets.definitions import defs
from amazing_assets.loading import uncollected, without_pandas

PROGRESS = "progress"


@dataclass(frozen=True)
class Step:
    """One asset or group of assets of one run: what starts, or has ended."""

    name: str
    month: str | None
    is_over: bool


class _Reporter(logging.Handler):
    """Turns the step events of one run into `Step`s; everything else is in the web UI."""

    def __init__(self, month: str | None, report: Callable[[Step], None]) -> None:
        super().__init__()
        self.month, self.report = month, report

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "dagster_event", None)
        if event is None or event.step_key is None:
            return
        if event.is_step_start:
            self.report(Step(event.step_key, self.month, is_over=False))
        elif event.is_step_success:
            self.report(Step(event.step_key, self.month, is_over=True))


# Dagster makes the logger of a run itself, from the run's configuration, which holds no callable:
# in the thread that executes the run, where this is known and in no other.
_reporter: ContextVar[_Reporter | None] = ContextVar("reporter", default=None)


@contextmanager
def reporting(month: str | None, report: Callable[[Step], None]) -> Iterator[None]:
    """Have the runs that this thread executes tell of their steps."""
    before = _reporter.set(_Reporter(month, report))
    try:
        yield
    finally:
        _reporter.reset(before)


@cache
def loaded_definitions() -> dg.Definitions:
    """Return the definitions, with the logger that tells a program how a run proceeds."""
    logger = dg.LoggerDefinition(_progress_logger, {}, "Tells a program how a run proceeds.")
    with uncollected(), without_pandas():
        return dg.Definitions.merge(defs(), dg.Definitions(loggers={PROGRESS: logger}))


def _progress_logger(_: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.Logger("amazing_assets", logging.DEBUG)  # noqa: LOG001  Dagster owns its loggers
    reporter = _reporter.get()
    if reporter is not None:
        logger.addHandler(reporter)
    return logger
