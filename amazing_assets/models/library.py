"""MLflow itself: imported late, kept quiet, and what it says where its server is away."""

from __future__ import annotations

import logging
import re
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from amazing_assets.errors import PlainError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of a request that nobody answered, or a server that cannot reach its own store; MLflow quotes the
# one as its own error and the other as that of its client.
_AWAY = re.compile(r"API request to .+ failed with (?:exception|timeout)|\b5\d\d Server Error")


class ModelsAwayError(PlainError):
    """The server of models does not answer, so that nothing is known of what it holds."""

    def __init__(self) -> None:
        super().__init__(
            "The server of models cannot be reached, or not what it keeps its files in; start it, "
            "or correct MLFLOW_TRACKING_URI and the network."
        )


def is_away(error: BaseException) -> bool:
    """Whether an error says that a server is away, and nothing of what was asked for."""
    return bool(_AWAY.search(str(error)))


def mlflow() -> Any:  # noqa: ANN401 - a module imported late has no type
    """Return MLflow, imported at first use because that takes seconds."""
    import mlflow.pyfunc  # noqa: PLC0415 - see above

    return mlflow


@contextmanager
def quietly() -> Iterator[None]:
    """Keep MLflow's own news from the reader: its migrations, its type hints, its libraries."""
    loggers = [logging.getLogger(name) for name in ("mlflow", "alembic")]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # First, because importing MLflow sets the levels of its loggers.
        mlflow().environment_variables.MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR.set(False)
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
