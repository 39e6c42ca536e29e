"""The definitions that runs load, and how a run tells of its steps."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import dagster as dg

_PROGRESS = "progress"


@dataclass(frozen=True)
class Step:
    """One asset or group of assets of one run: what starts, or has ended."""

    name: str
    month: str | None
    is_over: bool


@cache
def _definitions() -> dg.Definitions:
    # Two seconds, which `amazing dev` has no use for.
    from amazing_assets.definitions import defs  # noqa: PLC0415

    logger = dg.LoggerDefinition(_progress_logger, {}, "Tells a program how a run proceeds.")
    return dg.Definitions.merge(defs(), dg.Definitions(loggers={_PROGRESS: logger}))


class _Reporter(logging.Handler):
    """Turns Dagster's step events into `Step`s; everything else is in the web UI."""

    month: str | None = None
    report: Callable[[Step], None] | None = None

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "dagster_event", None)
        if event is None or self.report is None or event.step_key is None:
            return
        if event.is_step_start:
            self.report(Step(event.step_key, self.month, is_over=False))
        elif event.is_step_success:
            self.report(Step(event.step_key, self.month, is_over=True))


_reporter = _Reporter()


def _progress_logger(_: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.Logger("amazing_assets", logging.DEBUG)  # noqa: LOG001  Dagster owns its loggers
    logger.addHandler(_reporter)
    return logger
