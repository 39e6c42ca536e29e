"""What a stored model of risk is made of, and how it is read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.churn.risk.backtest import RiskModel
from amazing_assets.churn.risk.model import ChurnModel, Reference
from amazing_assets.churn.risk.recipes import Recipe
from amazing_assets.churn.risk.scorers import SCORERS
from amazing_assets.churn.value.repurchase import Repurchase
from amazing_assets.models import archive
from amazing_assets.models.calibration import Calibration
from amazing_assets.models.provenance import Provenance

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "model"

# Every class that a model may be made of.
KINDS: tuple[type, ...] = (
    ChurnModel,
    RiskModel,
    Reference,
    Recipe,
    Calibration,
    Repurchase,
    Provenance,
    *SCORERS,
)


def write_model(model: ChurnModel, folder: Path) -> None:
    """Write a model into a folder of its own."""
    archive.write(model, folder / FOLDER)


def read_model(folder: Path) -> ChurnModel:
    """Return the model of a version's archive.

    Raises:
        UnreadableModelError: It is of another format, or damaged.
    """
    model: ChurnModel = archive.read(folder / FOLDER, KINDS)
    return model
