"""What a stored segment model is made of, and how it is read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sklearn.decomposition import PCA
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from amazing_assets.models import archive
from amazing_assets.models.provenance import Provenance
from amazing_assets.segments.behaviour.preprocessing import BehaviourRepresentation
from amazing_assets.segments.behaviour.representations import RfmRepresentation
from amazing_assets.segments.behaviour.steps import (
    Dropped,
    DropUninformative,
    ImputeMedian,
    LogTransform,
    ShrinkRatios,
    Winsorise,
)
from amazing_assets.segments.clustering.centres import Centroids
from amazing_assets.segments.clustering.density import Neighbours
from amazing_assets.segments.clustering.gaussians import FreeGaussians, TiedGaussians
from amazing_assets.segments.clustering.rfm import RfmGrid
from amazing_assets.segments.model import Segment, SegmentModel
from amazing_assets.segments.naming.codes import Name
from amazing_assets.segments.search.search import OneGroup, SearchResult
from amazing_assets.segments.search.settings import SegmentSettings

if TYPE_CHECKING:
    from pathlib import Path

# Name of the model's folder within a version's archive; what is published beside it has others.
MODEL = "model"

# What is answered of each customer who is asked for, and in which type of MLflow's.
ANSWERS = {"segment": "long", "segment_name": "string", "margin": "double", "reason": "string"}

# Every class that a model may be made of. Who adds a family, a step or a field of another class
# adds it here, or the model cannot be read again: a test stores one of every family.
KINDS: tuple[type, ...] = (
    SegmentModel,
    Segment,
    Name,
    Dropped,
    SegmentSettings,
    Provenance,
    SearchResult,
    BehaviourRepresentation,
    RfmRepresentation,
    Pipeline,
    StandardScaler,
    PCA,
    ShrinkRatios,
    ImputeMedian,
    Winsorise,
    LogTransform,
    DropUninformative,
    OneGroup,
    RfmGrid,
    Centroids,
    TiedGaussians,
    FreeGaussians,
    Neighbours,
)


def read_model(folder: Path) -> SegmentModel:
    """Return the model of a version's archive.

    Raises:
        UnreadableModelError: It is of another format, or damaged.
    """
    model: SegmentModel = archive.read(folder / MODEL, KINDS)
    return model
