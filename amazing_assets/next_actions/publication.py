"""From a training to the registry: published, promoted, or dropped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from amazing_assets.models import archive
from amazing_assets.models.archive import UnreadableModelError
from amazing_assets.models.release import Release, release_as_decided
from amazing_assets.models.store import NewVersion, Serving
from amazing_assets.next_actions.card import model_card
from amazing_assets.next_actions.evaluation import EVERYBODY, TEST
from amazing_assets.next_actions.stored import MODEL, read_model
from amazing_assets.next_actions.vocabulary import ACTIONS

if TYPE_CHECKING:
    from amazing_assets.models.store import ModelStore
    from amazing_assets.next_actions.model import NextActionModel
    from amazing_assets.next_actions.training import Fitted

# Run by MLflow where a model is served, and by nobody else.
_SERVING = Path(__file__).parent / "serving.py"

_SERVED = Serving(
    _SERVING,
    {"user_id": "long", "action": "long", "at": "long", "repeats": "long"},
    {
        "user_id": "long",
        **dict.fromkeys(ACTIONS, "float"),
        "n_context": "integer",
        "cold_start": "boolean",
    },
    frozenset(("user_id", *ACTIONS, "n_context", "cold_start")),
)


def release(fitted: Fitted, store: ModelStore) -> Release:
    """Publish a model as was decided; a refused one is kept, and the champion stays."""
    return release_as_decided(
        fitted.decision, store, lambda tags: publish(fitted.model, store, tags)
    )


def publish(model: NextActionModel, store: ModelStore, tags: dict[str, str]) -> str:
    """Store a model and its card, and return the version; nobody uses it before it is promoted."""
    known = model.provenance
    described = {
        "model": model.name,
        "customers": str(known.counts["customers"]),
        "data_hash": known.data_hash,
        "vocabulary": model.vocabulary,
        "alert": model.alert or "none",
    }
    return store.add(
        NewVersion(
            write=lambda folder: write(model, folder),
            figures=metrics(model),
            texts={
                "evaluation.csv": model.evaluation.write_csv(),
                "curve.csv": model.curve.write_csv(),
            },
            tags={**described, **tags},
            card=model_card(model),
            curves=curves(model),
        ),
        _SERVED,
    )


def write(model: NextActionModel, folder: Path) -> None:
    """Write a model into a folder of its own."""
    archive.write(model, folder / MODEL)


def champion(store: ModelStore) -> tuple[NextActionModel, str] | None:
    """Return what is in use and its version; None if nothing was promoted yet.

    Raises:
        UnreadableModelError: It was stored by another version of the platform, or is damaged.
    """
    version = store.champion()
    return None if version is None else (store.read(version, read_model), version)


def readable_champion(store: ModelStore) -> tuple[NextActionModel | None, str | None]:
    """Return the champion as a training sees it: one that cannot be read counts as none.

    Returns:
        The champion, and the sentence that says why it could not be read.
    """
    try:
        found = champion(store)
    except UnreadableModelError as error:
        return None, str(error)
    return (found[0] if found else None), None


def curves(model: NextActionModel) -> dict[str, list[float]]:
    """Return the loss of each network by epoch, as MLflow keeps it."""
    losses = model.curve.group_by("model", "seed", maintain_order=True).agg(
        "train_loss", "validate_loss"
    )
    return {
        f"{row['model']}_{row['seed']}_{name}": row[name]
        for row in losses.iter_rows(named=True)
        for name in ("train_loss", "validate_loss")
    }


def metrics(model: NextActionModel) -> dict[str, float]:
    """Return the figures of every model on the weeks to test, as MLflow keeps them."""
    rows = model.evaluation.filter(period=TEST, population=EVERYBODY)
    return {
        f"{name}_{seed}_{figure}": value
        for name, seed, figure, value in rows.select("model", "seed", "figure", "value").iter_rows()
    }
