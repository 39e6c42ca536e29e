"""Where segment models are kept, as versions; which of them is used, `versions` decides."""

import pickle
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from amazing_assets.customers.columns import FEATURE_VERSION
from amazing_assets.models.promotion import PROMOTED, REFUSED
from amazing_assets.models.store import (
    ARTIFACT,
    CHALLENGER,
    REGISTERED,
    REQUIREMENTS,
    champion_version,
    client,
    experiment,
    mlflow,
    quietly,
    read,
)
from amazing_assets.models.versions import DECISION, REASONS, promote, registered
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.training.card import model_card
from amazing_assets.segments.training.refit import Refit


def release(refit: Refit, tracking_uri: str, artifact_location: str) -> str | None:
    """Publish a refit as its verdict says.

    Promoted, it is the champion; otherwise it is called `challenger` and the champion stays. What
    passed no gate is not published beside a champion.

    Returns:
        The version; None if nothing was published.
    """
    verdict = refit.verdict
    if refit.model.alert and champion(tracking_uri) is not None:
        return None
    tags = {
        "feature_version": FEATURE_VERSION,
        DECISION: verdict.decision,
        REASONS: " ".join(verdict.reasons) or "none",
        **{name: str(round(value, 4)) for name, value in refit.contest.figures.items()},
    }
    version = publish(refit.model, tracking_uri, artifact_location, tags)
    keep_succession(refit, version, tracking_uri)
    if verdict.decision == PROMOTED:
        promote(version, tracking_uri)
    return version


@quietly()
def keep_succession(refit: Refit, version: str, tracking_uri: str) -> None:
    """Store with a version what became of the segments before it, and call it the challenger."""
    mlflow_client = client(tracking_uri)
    if refit.succession is not None:
        run = registered(version, mlflow_client).run_id
        mlflow_client.log_text(run, refit.succession.write_csv(), "succession.csv")
    if refit.verdict.decision != REFUSED:
        mlflow_client.set_registered_model_alias(REGISTERED, CHALLENGER, version)


# Tag of the registered model: the highest number that a segment of any version has.
HIGHEST = "highest_segment"


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
        model: SegmentModel = read(Path(path))
        return replace(model, version=str(version.version))


def write(model: SegmentModel, folder: Path) -> str:
    """Write the model in MLflow's layout and return the folder."""
    pyfunc = mlflow().pyfunc
    # Needs mlflow to be imported.
    from amazing_assets.segments.serving import ServedSegments, signature  # noqa: PLC0415

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
