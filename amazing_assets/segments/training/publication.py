"""From a refit to the registry: published, promoted, kept waiting for a person, or dropped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.contract import UserFeatures
from amazing_assets.lake.contract import schema_of
from amazing_assets.models import archive
from amazing_assets.models.archive import UnreadableModelError
from amazing_assets.models.release import Release, release_as_decided
from amazing_assets.models.store import NewVersion, Serving
from amazing_assets.segments.drift.reference import Reference
from amazing_assets.segments.explanation.surrogate import Surrogate
from amazing_assets.segments.naming.given import forget_names, given_names
from amazing_assets.segments.registered import ALERT
from amazing_assets.segments.stored import ANSWERS, KINDS, MODEL, read_model
from amazing_assets.segments.threshold.choice import ThresholdChoice
from amazing_assets.segments.training.card import model_card
from amazing_assets.segments.training.published import Published
from amazing_assets.segments.training.sizes import sizes

if TYPE_CHECKING:
    from amazing_assets.models.store import ModelStore
    from amazing_assets.segments.model import SegmentModel
    from amazing_assets.segments.training.refit import Refit

# Tag of the registered model: the highest number that a segment of any version has.
HIGHEST = "highest_segment"

# Beside the model in a version's archive: fields of `Published`, each in a folder of its name.
_BESIDE: dict[str, type] = {
    "choice": ThresholdChoice,
    "reference": Reference,
    "surrogate": Surrogate,
}

# Run by MLflow where a model is served, and by nobody else.
_SERVING = Path(__file__).parents[1] / "serving.py"


def release(refit: Refit, store: ModelStore) -> Release:
    """Publish a refit as was decided."""
    figures = {name: str(round(value, 4)) for name, value in refit.measured.figures.items()}
    return release_as_decided(
        refit.decision,
        store,
        lambda tags: publish(refit.published, store, tags | figures, refit.succession),
    )


def publish(
    published: Published,
    store: ModelStore,
    tags: dict[str, str] | None = None,
    succession: pl.DataFrame | None = None,
) -> str:
    """Store a model and its card, and return the version; nobody uses it before it is promoted.

    Args:
        published: What was fitted.
        store: Of the segment models.
        tags: Further tags.
        succession: `SegmentSuccession`, kept with the version.
    """
    model = published.model
    if not highest_number(store):
        forget_names(store.folder)
    tables = {**described_tables(published), "succession": succession}
    new = NewVersion(
        write=lambda folder: write(published, folder),
        figures=metrics(published),
        texts={
            f"{name}.csv": table.write_csv() for name, table in tables.items() if table is not None
        },
        tags={**described(published), **(tags or {})},
        card=model_card(model, published.choice, given_names(store.folder)),
    )
    version = store.add(new, served(model))
    highest = max(highest_number(store), *map(int, model.numbers))
    store.set_tag(HIGHEST, str(highest))
    return version


def highest_number(store: ModelStore) -> int:
    """Return the highest number ever given to a segment, by any version; 0 if none was.

    Kept beside the versions and not in them: after a rollback the numbers of the version that was
    rolled back are taken all the same.
    """
    return int(store.tag(HIGHEST) or 0)


def champion(store: ModelStore) -> Published | None:
    """Return what is in use, or None if nothing was promoted yet.

    Raises:
        UnreadableModelError: It was stored by another version of the platform, or is damaged.
    """
    version = store.champion()
    if version is None:
        return None
    found: Published = store.read(version, read)
    return replace(found, version=version)


def readable_champion(store: ModelStore) -> tuple[Published | None, str | None]:
    """Return the champion as a training sees it: one that cannot be read counts as none.

    Returns:
        The champion, and the sentence that says why it could not be read.
    """
    try:
        return champion(store), None
    except UnreadableModelError as error:
        return None, str(error)


def write(published: Published, folder: Path) -> None:
    """Write a model and what is published beside it into a folder of its own."""
    archive.write(published.model, folder / MODEL)
    for name in _BESIDE:
        part = getattr(published, name)
        if part is not None:
            archive.write(part, folder / name)


def read(folder: Path) -> Published:
    """Return what `write` wrote, without its version.

    Raises:
        UnreadableModelError: It is of another format, or damaged.
    """
    # Of the parts only the choice is never left out.
    beside = {
        name: archive.read(folder / name, (*KINDS, kind))
        for name, kind in _BESIDE.items()
        if name == "choice" or (folder / name).is_dir()
    }
    return Published(read_model(folder), **beside)


def served(model: SegmentModel) -> Serving:
    """Return how MLflow serves the model: types of what it reads are those of `UserFeatures`."""
    known = schema_of(UserFeatures)
    return Serving(
        _SERVING,
        {name: served_type(known[name]) for name in model.columns},
        ANSWERS,
        frozenset({"segment_name"}),
    )


def served_type(dtype: pl.DataType) -> str:
    """Return what MLflow calls a type."""
    if dtype.is_integer():
        return "long"
    if dtype.is_temporal():
        return "datetime"
    return {pl.Boolean: "boolean", pl.String: "string"}.get(dtype.base_type(), "double")


def described_tables(published: Published) -> dict[str, pl.DataFrame]:
    """Return the tables that are kept with a model."""
    told = published.surrogate
    explained = (
        {"surrogate": told.figures, "rules": told.rules, "confusion": told.confusion}
        if told
        else {}
    )
    return {"selection_table": published.model.selection_table, **explained}


def metrics(published: Published) -> dict[str, float]:
    """Return the figures of what was chosen and, prefixed `rfm_`, of the baseline."""
    names = ("prediction_strength", "silhouette", "likelihood_gain", "min_share")
    table = published.model.selection_table
    picked = {"": table.filter("chosen"), "rfm_": table.filter(pl.col("candidate") == "rfm")}
    fidelity = published.fidelity
    return ({} if fidelity is None else {"surrogate_fidelity": fidelity}) | {
        f"{prefix}{name}": row[name]
        for prefix, rows in picked.items()
        for row in rows.iter_rows(named=True)
        for name in names
        if row[name] is not None
    }


def described(published: Published) -> dict[str, str]:
    """Return the tags of a version: what one asks before trusting it."""
    model = published.model
    facts = {
        "candidate": model.found.candidate,
        "k": len(model.segments),
        "customers": sizes(model).eligible,
        "threshold": model.threshold,
        "data_hash": model.provenance.data_hash,
        "feature_version": model.provenance.feature_version,
        "name_status": model.name_status,
        ALERT: model.alert or "none",
        **{name: round(value, 4) for name, value in metrics(published).items()},
    }
    return {name: str(value) for name, value in facts.items() if value is not None}
