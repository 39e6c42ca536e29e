"""How likely each customer is to pause, leave or come back, at the end of a week."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.churn.holdout import is_holdout
from amazing_assets.churn.outcomes import population
from amazing_assets.churn.risk.contract import ChurnScores
from amazing_assets.churn.risk.features import matrix, view_features
from amazing_assets.churn.risk.gathering import (
    FEWEST_EVENTS,
    VIEW,
    VISITS,
    bought_before,
    history_months,
    is_asked,
)
from amazing_assets.churn.risk.level import at_level
from amazing_assets.churn.risk.model import decile
from amazing_assets.dates import week_end, week_start
from amazing_assets.lake.contract import schema_of
from amazing_assets.models.drift import PSI_REFIT
from amazing_assets.models.provenance import require_feature_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amazing_assets.churn.risk.model import ChurnModel
    from amazing_assets.lake.shard import Shard
    from amazing_assets.lake.table import Lake
    from amazing_assets.models.arrays import Matrix

SCHEMA = schema_of(ChurnScores)

# How much the number of those asked about may change from week to week.
_VOLUME = 0.3


class Versioned(NamedTuple):
    """A model and the version that it is registered as."""

    model: ChurnModel
    version: str


class Scored(NamedTuple):
    """What is told of a week.

    Attributes:
        scores: `ChurnScores`.
        moved: Of each task, how far the features have moved that tell most (PSI).
    """

    scores: pl.DataFrame
    moved: dict[str, dict[str, float]]


def score(lake: Lake, week: str, models: Sequence[Versioned], holdout: float) -> Scored:
    """Return how likely the customers of a week are to do what models foretell.

    Args:
        lake: Where views and visits are.
        week: The Tuesday that begins it.
        models: One a task; a task without one is left out.
        holdout: Share of the customers whom no campaign reaches.

    Raises:
        FeatureVersionError: The view is of another version than a model was fitted on.
    """
    if not models:
        return Scored(pl.DataFrame(schema=SCHEMA), {})
    months = history_months(week_end(week), lake.months(VISITS))
    right = at_level(lake, [each.model for each in models], week_end(week))
    used = tuple(Versioned(*pair) for pair in zip(right, (m.version for m in models), strict=True))
    found = list(lake.map(_ScoresOfShard(used, week, tuple(months), holdout)))
    scores = pl.concat([part.scores for part in found])
    ranked = scores.sort("task", "user_id").with_columns(
        decile=decile(pl.col("probability")).over("task")
    )
    moved = {
        each.model.task: each.model.reference.moved(
            _added_up(part.counts[each.model.task] for part in found)
        )
        for each in models
    }
    return Scored(ranked.select(SCHEMA.names()), moved)


class _Part(NamedTuple):
    scores: pl.DataFrame
    counts: dict[str, dict[str, Matrix]]


@dataclass(frozen=True)
class _ScoresOfShard:
    """What scores a shard's customers, wherever it runs."""

    models: tuple[Versioned, ...]
    week: str
    months: tuple[str, ...]
    holdout: float

    def __call__(self, shard: Shard) -> _Part:
        columns = ("user_id", "market", "feature_version", *view_features())
        view = shard.scan(VIEW, self.week).filter(is_asked()).select(columns).collect()
        bought = self._bought(shard)
        parts, counts = [], {}
        for model, version in self.models:
            require_feature_version(
                view, model.provenance.feature_version, "model of risk", "churn_models"
            )
            asked = view.filter(population(model.task, FEWEST_EVENTS))
            known = asked if bought is None else model.read(asked, bought)
            features = matrix(known, model.risk.columns)
            counts[model.task] = model.reference.counts(features, model.risk.columns)
            told = model.scored(known)
            parts.append(
                known.select("user_id", "market")
                .join(told, on="user_id", maintain_order="left")
                .with_columns(task=pl.lit(model.task), model_version=pl.lit(version))
            )
        return _Part(self._told(pl.concat(parts)), counts)

    def _bought(self, shard: Shard) -> pl.DataFrame | None:
        """Return the purchases before the week's end, made once; None: no model reads them."""
        if not self.months or all(model.repurchase is None for model, _ in self.models):
            return None
        return bought_before(shard.scan(VISITS, *self.months), week_end(self.week)).collect()

    def _told(self, scores: pl.DataFrame) -> pl.DataFrame:
        begins = week_start(self.week)
        return scores.with_columns(
            week=pl.lit(begins),
            reference_date=pl.lit(week_end(self.week)),
            is_holdout=is_holdout(pl.col("user_id"), begins, self.holdout),
        )


def _added_up(parts: Iterable[Mapping[str, Matrix]]) -> dict[str, Matrix]:
    found: dict[str, Matrix] = {}
    for part in parts:
        for name, counts in part.items():
            found[name] = found[name] + counts if name in found else counts
    return found


def moved_features(scored: Scored) -> pl.DataFrame:
    """Return the features that have moved too far since the model was fitted: `what`, `psi`."""
    rows = [
        {"what": f"{task}: {name}", "psi": value}
        for task, known in scored.moved.items()
        for name, value in known.items()
        if value > PSI_REFIT
    ]
    return pl.DataFrame(rows, schema={"what": pl.String, "psi": pl.Float64})


def unusual_numbers(now: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """Return the tasks of which many more, or fewer, customers are asked about than a week ago.

    Columns `what`, `customers` and `before`.
    """
    schema = {"what": pl.String, "customers": pl.Int64, "before": pl.Int64}
    if before is None:
        return pl.DataFrame(schema=schema)
    counts, earlier = Counter(now["task"]), Counter(before["task"])
    rows = [
        {"what": task, "customers": counts[task], "before": number}
        for task, number in earlier.items()
        if abs(counts[task] - number) > _VOLUME * number
    ]
    return pl.DataFrame(rows, schema=schema)


def by_band(scores: pl.DataFrame) -> pl.DataFrame:
    """Return how many customers are in each band of each task, and the mean probability."""
    return (
        scores.group_by("task", "band")
        .agg(customers=pl.len(), probability=pl.col("probability").mean())
        .sort("task", "probability", descending=[False, True])
    )
