"""What a stored next-action model is made of, and how it is read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.models import archive
from amazing_assets.models.archive import UnreadableModelError
from amazing_assets.models.provenance import Provenance
from amazing_assets.next_actions.baselines import BASELINES
from amazing_assets.next_actions.exported import ExportedNetwork
from amazing_assets.next_actions.model import NextActionModel
from amazing_assets.next_actions.returns import Returns
from amazing_assets.next_actions.vocabulary import VOCABULARY

if TYPE_CHECKING:
    from pathlib import Path

MODEL = "model"

# Every class that a model may be made of.
KINDS: tuple[type, ...] = (NextActionModel, ExportedNetwork, Provenance, Returns, *BASELINES)


def read_model(folder: Path) -> NextActionModel:
    """Return the model of a version's archive.

    Raises:
        UnreadableModelError: It is of another format, of other actions, or damaged.
    """
    model: NextActionModel = archive.read(folder / MODEL, KINDS)
    if model.vocabulary != VOCABULARY:
        raise UnreadableModelError(f"Its actions are {model.vocabulary}, not {VOCABULARY}.")
    return model
