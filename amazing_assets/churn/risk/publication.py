"""From a training to the registry, and which version was known at a reference date."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amazing_assets.churn.risk.card import model_card
from amazing_assets.churn.risk.recipes import Recipe
from amazing_assets.churn.risk.registered import AS_OF, MATERIAL, MODEL, RECIPE
from amazing_assets.churn.risk.stored import read_model, write_model
from amazing_assets.models.archive import UnreadableModelError
from amazing_assets.models.promotion import PROMOTED
from amazing_assets.models.release import Release, release_as_decided
from amazing_assets.models.store import NewVersion, Serving, stored_readably
from amazing_assets.models.versions import APPROVED_BY, DECISION

if TYPE_CHECKING:
    from amazing_assets.churn.risk.model import ChurnModel
    from amazing_assets.churn.risk.training import Fitted
    from amazing_assets.models.store import ModelStore

# Run by MLflow where a model is served, and by nobody else.
_SERVING = Path(__file__).parent / "serving.py"

# Weeks whose winners enter the next search.
_REMEMBERED = 5


def release(fitted: Fitted, store: ModelStore, material: str) -> Release:
    """Publish a model as was decided; a refused one is kept, and the champion stays.

    A model of an earlier week than the champion's serves its own weeks and replaces nothing.

    Args:
        fitted: What a training came to.
        store: Of the task.
        material: What the model was learnt from, and with how much effort.
    """
    return release_as_decided(
        fitted.decision,
        store,
        lambda tags: _publish(fitted.model, store, {**tags, MATERIAL: material}),
        lambda: is_as_new_as_champion(store, fitted.model.as_of),
    )


def is_as_new_as_champion(store: ModelStore, as_of: date) -> bool:
    """Whether a model of a reference date may replace the champion: that is of no later week."""
    champion = _registered(store).get(store.champion() or "")
    return champion is None or _as_of(champion) <= as_of


def known_at(store: ModelStore, as_of: date) -> str | None:
    """Return the version that was in use at a reference date; None: there was none.

    The champion, unless it has seen what came after the date; then the last one before it.
    """
    known = _registered(store)
    champion = store.champion()
    if champion in known and _as_of(known[champion]) <= as_of:
        return champion
    earlier = [
        (_as_of(each), int(number))
        for number, each in known.items()
        if _as_of(each) <= as_of and _is_accepted(each)
    ]
    return str(max(earlier)[1]) if earlier else None


def made_of(store: ModelStore, as_of: date, material: str) -> str | None:
    """Return the version that was made at a reference date of some material; None: none was."""
    same = [
        int(number)
        for number, each in _registered(store).items()
        if _as_of(each) == as_of and each.tags.get(MATERIAL) == material
    ]
    return str(max(same)) if same else None


def as_of_version(store: ModelStore, version: str) -> date:
    """Return the reference date of a version's training."""
    return _as_of(_registered(store)[version])


def recipes_before(store: ModelStore, as_of: date) -> tuple[Recipe, ...]:
    """Return how the models of the last weeks before a reference date were fitted."""
    known = [
        (_as_of(each), int(number), each.tags[RECIPE])
        for number, each in _registered(store).items()
        if _as_of(each) < as_of and RECIPE in each.tags
    ]
    latest = sorted(known, reverse=True)[:_REMEMBERED]
    return tuple(Recipe(**json.loads(recipe)) for _, _, recipe in latest)


def read_version(store: ModelStore, version: str) -> ChurnModel:
    """Return the model of a version.

    Raises:
        UnreadableModelError: It was stored by another version of the platform, or is damaged.
    """
    model: ChurnModel = store.read(version, read_model)
    return model


def readable(store: ModelStore, version: str | None) -> tuple[ChurnModel | None, str | None]:
    """Return a version as a training sees it: one that cannot be read counts as none.

    Returns:
        The model, and the sentence that says why it could not be read.
    """
    if version is None:
        return None, None
    try:
        return read_version(store, version), None
    except UnreadableModelError as error:
        return None, str(error)


def _publish(model: ChurnModel, store: ModelStore, tags: dict[str, str]) -> str:
    known = model.provenance
    described = {
        MODEL: model.name,
        AS_OF: model.as_of.isoformat(),
        "customers": str(known.counts["customers"]),
        "data_hash": known.data_hash,
        "feature_version": known.feature_version,
    }
    if not model.is_fallback:
        described[RECIPE] = json.dumps(asdict(model.recipe))
    return store.add(
        NewVersion(
            write=lambda folder: write_model(model, folder),
            figures=_metrics(model),
            texts={
                "evaluation.csv": model.evaluation.write_csv(),
                "deciles.csv": model.deciles.write_csv(),
                "search.csv": model.trials.write_csv(),
            },
            tags={**described, **tags},
            card=model_card(model),
        ),
        _served(model),
    )


def _served(model: ChurnModel) -> Serving:
    inputs = {"user_id": "long", **dict.fromkeys(model.risk.columns, "double")}
    reasons = {f"reason_{n}": "string" for n in (1, 2, 3)}
    outputs = {"user_id": "long", "probability": "double", "band": "string", **reasons}
    return Serving(_SERVING, inputs, outputs, frozenset(("user_id", "probability", "band")))


def _metrics(model: ChurnModel) -> dict[str, float]:
    """Return the figures of everything that was compared, as MLflow keeps them."""
    known = model.evaluation.select("model", "figure", "value").drop_nulls().drop_nans()
    return {f"{name}_{figure}": value for name, figure, value in known.iter_rows()}


def _registered(store: ModelStore) -> dict[str, Any]:
    """Return the versions that can be read, by number."""
    return {
        str(each.version): each
        for each in store.versions()
        if stored_readably(each) and AS_OF in each.tags
    }


def _as_of(registered: Any) -> date:  # noqa: ANN401 - mlflow is imported late
    return date.fromisoformat(registered.tags[AS_OF])


def _is_accepted(registered: Any) -> bool:  # noqa: ANN401 - as above
    return registered.tags.get(DECISION) == PROMOTED or APPROVED_BY in registered.tags
