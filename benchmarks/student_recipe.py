"""What the recipe of the student projects finds: counts, money and recency, k-means, silhouette."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl
from sklearn.preprocessing import StandardScaler

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.models.measures import eta_squared
from amazing_assets.segments.behaviour.representations import RfmRepresentation
from amazing_assets.segments.clustering.centres import fit_kmeans
from amazing_assets.segments.clustering.family import Family
from amazing_assets.segments.clustering.rfm import RFM, RFM_GROUPS
from amazing_assets.segments.search.settings import SegmentSettings
from amazing_assets.segments.search.silhouettes import silhouettes
from amazing_assets.segments.search.stability import Halves, halve, stability
from benchmarks.segment_worlds import agreement, real

RECIPE_COLUMNS = (
    "number_of_views_7m",
    "number_of_carts_7m",
    "number_of_sessions_7m",
    "number_of_purchases_7m",
    "avg_price_7m",
    "monetary_7m",
    "recency_days",
)
RECIPE = Family("recipe", "raw", fit_kmeans)
RESTARTS = 10


class Recipe(NamedTuple):
    """What the student recipe finds."""

    matrix: Matrix
    k: int
    labels: Labels


@cache
def recipe_of(seed: int) -> Recipe:
    """Return what the recipe finds in the world of overlapping personas."""
    return student(real(seed).customers)


def student(customers: pl.DataFrame) -> Recipe:
    """Return what the recipe finds, k by silhouette."""
    tried = [recipe(customers, k) for k in SegmentSettings().ks]
    apart = silhouettes(tried[0].matrix, [each.labels for each in tried])
    return tried[int(np.argmax([values.mean() for values in apart]))]


def recipe(customers: pl.DataFrame, k: int) -> Recipe:
    """Return k-means of counts, money and recency, standardised and no more."""
    raw = customers.select(pl.col(RECIPE_COLUMNS).cast(pl.Float64).fill_null(0))
    matrix = StandardScaler().fit_transform(raw.to_numpy())
    return Recipe(matrix, k, RECIPE.fit(matrix, k, 0, RESTARTS).clustering.assign(matrix).labels)


def rfm(customers: pl.DataFrame) -> Labels:
    """Return the groups of the RFM grid."""
    matrix = RfmRepresentation().matrix(customers)
    return RFM.fit(matrix, RFM_GROUPS, 0, 1).clustering.assign(matrix).labels


def side_by_side(seeds: tuple[int, ...]) -> pl.DataFrame:
    """Return our segments, the RFM grid and the recipe on the same customers."""
    return pl.DataFrame(row for seed in seeds for row in compared(seed))


def compared(seed: int) -> Iterator[dict[str, object]]:
    """Yield what each way finds in one world of overlapping personas."""
    here, student = real(seed), recipe_of(seed)
    spent, table = here.spent.to_numpy(), here.model.selection_table
    halves = Halves(tuple(halve(student.matrix, 5, 0)), RESTARTS, 0, 0.0)
    fit = RECIPE.fit(student.matrix, student.k, 0, RESTARTS)
    shaky = stability(RECIPE, student.k, fit.clustering, student.matrix, halves)
    ways = {
        "segment model": (
            here.model.found.groups(here.customers),
            *table.filter("chosen")["prediction_strength"],
        ),
        "RFM grid": (rfm(here.customers), *table.filter(candidate="rfm")["prediction_strength"]),
        "student recipe": (student.labels, shaky.mean),
    }
    for name, (labels, *strength) in ways.items():
        yield {
            "seed": seed,
            "way": name,
            "k": int(labels.max()) + 1,
            "ARI": agreement(here.customers, labels),
            "prediction strength": strength[0] if strength else None,
            "eta2 of later revenue": eta_squared(spent, labels),
            "customers": here.customers.height,
        }
