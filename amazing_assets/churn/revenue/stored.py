"""What a stored model of value is made of, and how it is read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.churn.revenue.hurdle import Hurdle
from amazing_assets.churn.revenue.model import RevenueModel
from amazing_assets.churn.risk.scorers import Trees
from amazing_assets.churn.value.forecast import ValueModel
from amazing_assets.churn.value.repurchase import Repurchase
from amazing_assets.churn.value.spend import Spend
from amazing_assets.models import archive
from amazing_assets.models.provenance import Provenance

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "model"

# Every class that a model may be made of.
KINDS: tuple[type, ...] = (RevenueModel, Hurdle, Trees, ValueModel, Repurchase, Spend, Provenance)


def write_model(model: RevenueModel, folder: Path) -> None:
    """Write a model into a folder of its own."""
    archive.write(model, folder / FOLDER)


def read_model(folder: Path) -> RevenueModel:
    """Return the model of a version's archive.

    Raises:
        UnreadableModelError: It is of another format, or damaged.
    """
    model: RevenueModel = archive.read(folder / FOLDER, KINDS)
    return model
