"""Where models are kept, as versions in MLflow; it knows none of ours."""

import logging
import pickle
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ARTIFACT = "segment_model"

REGISTERED = "segments"

CHAMPION = "champion"

CHALLENGER = "challenger"

# Given, because MLflow otherwise starts a process that loads the model to find them out: 20 s.
REQUIREMENTS = ("amazing-assets",)


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


def champion_version(mlflow_client: Any) -> Any:  # noqa: ANN401 - mlflow is imported late
    """Return what is registered about the champion, or None."""
    models = mlflow_client.search_registered_models(f"name = '{REGISTERED}'")
    # Asked of the model, for MLflow answers an unknown alias with an error like any other.
    if not models or CHAMPION not in models[0].aliases:
        return None
    return mlflow_client.get_model_version_by_alias(REGISTERED, CHAMPION)


def mlflow() -> Any:  # noqa: ANN401 - a module imported late has no type
    """Return MLflow, imported at first use because that takes seconds."""
    import mlflow.pyfunc  # noqa: PLC0415 - see above

    return mlflow


def client(tracking_uri: str) -> Any:  # noqa: ANN401 - mlflow is imported late
    """Return a client of the store, without touching MLflow's global state."""
    return mlflow().MlflowClient(tracking_uri, registry_uri=tracking_uri)


def experiment(mlflow_client: Any, artifact_location: str) -> str:  # noqa: ANN401 - imported late
    """Return the id of our experiment, made at first use."""
    known = mlflow_client.get_experiment_by_name(REGISTERED)
    if known is not None:
        return str(known.experiment_id)
    return str(mlflow_client.create_experiment(REGISTERED, artifact_location))


def read(path: Path) -> Any:  # noqa: ANN401 - a model of any kind
    """Return the model that was stored; unpickles, so never a file of somebody else."""
    return pickle.loads(path.read_bytes())  # noqa: S301 - written by us
