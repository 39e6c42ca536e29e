"""Where segment models are kept, as versions; which of them is used, `versions` decides."""

import logging
import pickle
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from amazing_assets.segments.card import model_card
from amazing_assets.segments.design import COUNTS
from amazing_assets.segments.model import SegmentModel

ARTIFACT = "segment_model"
REGISTERED = "segments"
CHAMPION = "champion"
CHALLENGER = "challenger"

# Tag of the registered model: the highest number that a segment of any version has.
HIGHEST = "highest_segment"

# Given, because MLflow otherwise starts a process that loads the model to find them out: 20 s.
REQUIREMENTS = ("amazing-assets",)

INTEGERS = ("user_id", "n_events_history", "recency_days", "tenure_days", *COUNTS)


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


@quietly()
def publish(
    model: SegmentModel,
    tracking_uri: str,
    artifact_location: str,
    tags: Mapping[str, str] | None = None,
) -> str:
    """Store a model and its card, and return the version; nobody uses it before it is promoted.

    Args:
        model: What was fitted.
        tracking_uri: Of the MLflow store, as in `sqlite:///mlflow.db`.
        artifact_location: URI of the folder for artefacts, used when the store is first written.
        tags: Further tags, such as `feature_version`.
    """
    mlflow_client = client(tracking_uri)
    run = mlflow_client.create_run(experiment(mlflow_client, artifact_location)).info
    record(model, mlflow_client, run.run_id)
    if not mlflow_client.search_registered_models(f"name = '{REGISTERED}'"):
        mlflow_client.create_registered_model(REGISTERED)
    version = mlflow_client.create_model_version(
        REGISTERED,
        f"{run.artifact_uri}/model",
        run.run_id,
        tags={**described(model), **(tags or {})},
        description=model_card(model),
    )
    highest = max(highest_number(tracking_uri), *map(int, model.numbers))
    mlflow_client.set_registered_model_tag(REGISTERED, HIGHEST, str(highest))
    return str(version.version)


def record(model: SegmentModel, mlflow_client: Any, run_id: str) -> None:  # noqa: ANN401 - imported late
    """Write figures, card, table and model into a run and end it."""
    for name, value in metrics(model).items():
        mlflow_client.log_metric(run_id, name, value)
    mlflow_client.log_text(run_id, model_card(model), "model_card.md")
    for name, table in tables(model).items():
        mlflow_client.log_text(run_id, table.write_csv(), f"{name}.csv")
    with TemporaryDirectory() as folder:
        mlflow_client.log_artifacts(run_id, write(model, Path(folder)), "model")
    mlflow_client.set_terminated(run_id)


@quietly()
def highest_number(tracking_uri: str) -> int:
    """Return the highest number ever given to a segment, by any version; 0 if none was.

    Kept beside the versions and not in them: after a rollback the numbers of the version that was
    rolled back are taken all the same.
    """
    models = client(tracking_uri).search_registered_models(f"name = '{REGISTERED}'")
    return int(models[0].tags.get(HIGHEST, 0)) if models else 0


@quietly()
def champion(tracking_uri: str) -> SegmentModel | None:
    """Return the model that assigns customers, or None if none was promoted yet."""
    version = champion_version(client(tracking_uri))
    if version is None:
        return None
    with TemporaryDirectory() as folder:
        path = mlflow().artifacts.download_artifacts(
            f"{version.source}/artifacts/{ARTIFACT}", dst_path=folder, tracking_uri=tracking_uri
        )
        return replace(read(Path(path)), version=str(version.version))


def champion_version(mlflow_client: Any) -> Any:  # noqa: ANN401 - mlflow is imported late
    """Return what is registered about the champion, or None."""
    models = mlflow_client.search_registered_models(f"name = '{REGISTERED}'")
    # Asked of the model, for MLflow answers an unknown alias with an error like any other.
    if not models or CHAMPION not in models[0].aliases:
        return None
    return mlflow_client.get_model_version_by_alias(REGISTERED, CHAMPION)


def read(path: Path) -> SegmentModel:
    """Return the model that `publish` wrote; unpickles, so never a file of somebody else."""
    model: SegmentModel = pickle.loads(path.read_bytes())  # noqa: S301 - written by publish
    return model


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


def write(model: SegmentModel, folder: Path) -> str:
    """Write the model in MLflow's layout and return the folder."""
    pyfunc = mlflow().pyfunc
    # Needs mlflow to be imported.
    from amazing_assets.segments.serving import ServedSegments  # noqa: PLC0415

    pickled, target = folder / ARTIFACT, folder / "model"
    pickled.write_bytes(pickle.dumps(model))
    pyfunc.save_model(
        str(target),
        python_model=ServedSegments(),
        artifacts={ARTIFACT: str(pickled)},
        signature=signature(model),
        pip_requirements=list(REQUIREMENTS),
    )
    return str(target)


def signature(model: SegmentModel) -> Any:  # noqa: ANN401 - mlflow is untyped
    """Return what the served model reads and answers."""
    types, models = mlflow().types, mlflow().models
    special = {"as_of": "datetime", "is_bot_suspect": "boolean"}
    special |= dict.fromkeys(INTEGERS, "long")
    inputs = [types.ColSpec(special.get(name, "double"), name) for name in model.columns]
    answers = {"segment": "long", "segment_name": "string", "margin": "double", "reason": "string"}
    outputs = [
        types.ColSpec(kind, name, required=name == "segment_name") for name, kind in answers.items()
    ]
    return models.ModelSignature(types.Schema(inputs), types.Schema(outputs))


def tables(model: SegmentModel) -> dict[str, pl.DataFrame]:
    """Return the tables that are kept with a model."""
    told = model.surrogate
    explained = (
        {"surrogate": told.figures, "rules": told.rules, "confusion": told.confusion}
        if told
        else {}
    )
    return {"selection_table": model.selection_table, **explained}


def metrics(model: SegmentModel) -> dict[str, float]:
    """Return the figures of what was chosen and, prefixed `rfm_`, of the baseline."""
    names = ("prediction_strength", "silhouette", "likelihood_gain", "min_share")
    table = model.selection_table
    picked = {"": table.filter("chosen"), "rfm_": table.filter(pl.col("candidate") == "rfm")}
    fidelity = {"surrogate_fidelity": model.surrogate.fidelity} if model.surrogate else {}
    return fidelity | {
        f"{prefix}{name}": row[name]
        for prefix, rows in picked.items()
        for row in rows.iter_rows(named=True)
        for name in names
        if row[name] is not None
    }


def described(model: SegmentModel) -> dict[str, str]:
    """Return the tags of a version: what one asks before trusting it."""
    facts = {
        "candidate": model.found.candidate,
        "k": len(model.segments),
        "customers": model.provenance.counts["eligible"],
        "threshold": model.threshold,
        "data_hash": model.provenance.data_hash,
        "name_status": model.name_status,
        "alert": model.alert or "none",
        **{name: round(value, 4) for name, value in metrics(model).items()},
    }
    return {name: str(value) for name, value in facts.items()}
