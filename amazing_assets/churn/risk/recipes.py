"""Ways of scoring customers: what is fitted, with which settings, on which rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from amazing_assets.churn.risk.features import PURCHASE_FEATURES
from amazing_assets.churn.risk.imbalance import AS_IS, Sample, drawn_for
from amazing_assets.churn.risk.scorers import (
    THREADS,
    Constant,
    Forest,
    Line,
    Scorer,
    Shifted,
    Trees,
    forest_of,
    line_of,
    straightened,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from amazing_assets.models.arrays import Labels, Matrix

LIGHTGBM, BOOSTING, LOGISTIC = "lightgbm", "boosting", "logistic"
PREVALENCE, RECENCY = "prevalence", "recency"

# What a family takes where nothing is said: small trees, for most shops have few customers.
DEFAULTS: dict[str, dict[str, float]] = {
    LIGHTGBM: {
        "rounds": 120,
        "learning_rate": 0.05,
        "num_leaves": 15,
        "min_data_in_leaf": 100,
        "feature_fraction": 0.7,
        "lambda_l2": 1e-3,
    },
    BOOSTING: {
        "max_iter": 120,
        "learning_rate": 0.05,
        "max_leaf_nodes": 15,
        "min_samples_leaf": 100,
        "l2_regularization": 1e-3,
    },
    LOGISTIC: {"C": 0.1},
}


# Steps of each feature that trees tell apart: more tell chance, and take half as long again.
_BINS = 63


class Rows(NamedTuple):
    """What a model is fitted on: features, what happened, and of which customer each row is."""

    features: Matrix
    happened: Matrix
    owners: Labels

    def at(self, which: NDArray[Any]) -> Rows:
        """Return some of the rows, by a mask or by their numbers."""
        return Rows(self.features[which], self.happened[which], self.owners[which])


@dataclass(frozen=True)
class Recipe:
    """How a model is fitted.

    Attributes:
        family: Of `FAMILIES`.
        settings: Of the family; what is not said is its default.
        columns: What it reads; None: all there are.
        imbalance: What is done about few customers doing it, of `imbalance`.
    """

    family: str
    settings: Mapping[str, float] = field(default_factory=dict)
    columns: tuple[str, ...] | None = None
    imbalance: str = AS_IS

    @property
    def key(self) -> str:
        """The same for recipes that fit alike, whether they say what is the default or not."""
        known = {**DEFAULTS.get(self.family, {}), **self.settings}
        settings = sorted((name, float(value)) for name, value in known.items())
        return repr((self.family, settings, self.columns, self.imbalance))


def fit(recipe: Recipe, rows: Rows, seed: int) -> Scorer:
    """Return a fitted model, whose scores are those of all customers, however rows were drawn."""
    sample = drawn_for(recipe.imbalance, rows.features, rows.happened, seed)
    scores = FAMILIES[recipe.family](recipe.settings, sample, seed)
    return scores if sample.odds == 1 else Shifted(scores, sample.odds)


def _lightgbm(settings: Mapping[str, float], sample: Sample, seed: int) -> Trees:
    import lightgbm  # noqa: PLC0415  a second

    known = {**DEFAULTS[LIGHTGBM], **settings}
    rounds = int(known.pop("rounds"))
    whole = ("num_leaves", "min_data_in_leaf", "bagging_freq")
    chosen = {name: int(value) if name in whole else value for name, value in known.items()}
    fixed = {
        "objective": "binary",
        "verbosity": -1,
        "seed": seed,
        "deterministic": True,
        "max_bin": _BINS,
        "num_threads": THREADS,
    }
    data = lightgbm.Dataset(sample.features, sample.happened, weight=sample.weights)
    booster = lightgbm.train({**chosen, **fixed}, data, num_boost_round=rounds)
    return Trees(booster.model_to_string())


def _boosting(settings: Mapping[str, float], sample: Sample, seed: int) -> Forest:
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415  a second
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # noqa: PLC0415

    known = {**DEFAULTS[BOOSTING], **settings}
    whole = ("max_iter", "max_leaf_nodes", "min_samples_leaf")
    chosen: dict[str, Any] = {
        name: int(value) if name in whole else value for name, value in known.items()
    }
    fixed: dict[str, Any] = {"random_state": seed, "early_stopping": False, "max_bins": _BINS}
    model = HistGradientBoostingClassifier(**chosen, **fixed)
    # It refuses a column of which nothing is known, and learns as little of one that is always 0.
    features = np.where(np.isnan(sample.features).all(axis=0), 0.0, sample.features)
    with threadpool_limits(THREADS, "openmp"):
        return forest_of(model.fit(features, sample.happened, sample.weights))


def _logistic(settings: Mapping[str, float], sample: Sample, seed: int) -> Line:
    from sklearn.impute import SimpleImputer  # noqa: PLC0415  as above
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  as above
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415  as above
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415  as above

    model = make_pipeline(
        # Who is unknown differs from who is usual: a column says so where any is missing.
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(
            C=settings.get("C", DEFAULTS[LOGISTIC]["C"]), max_iter=1_000, random_state=seed
        ),
    )
    weights = {"logisticregression__sample_weight": sample.weights}
    return line_of(model.fit(straightened(sample.features), sample.happened, **weights))


def _prevalence(_settings: Mapping[str, float], sample: Sample, _seed: int) -> Constant:
    return Constant(float(sample.happened.mean()))


_Fitted = Trees | Forest | Line | Constant

FAMILIES: dict[str, Callable[[Mapping[str, float], Sample, int], _Fitted]] = {
    LIGHTGBM: _lightgbm,
    BOOSTING: _boosting,
    LOGISTIC: _logistic,
    PREVALENCE: _prevalence,
}

CANDIDATES = {name: Recipe(name) for name in (LIGHTGBM, BOOSTING, LOGISTIC)}

# What a model has to beat: each reads what anybody would look at first.
BASELINES = {
    PREVALENCE: Recipe(PREVALENCE, columns=()),
    RECENCY: Recipe(LOGISTIC, columns=("recency_days",)),
    "overdue": Recipe(LOGISTIC, columns=("overdue_ratio",)),
    "rfm": Recipe(LOGISTIC, columns=("recency_days", "frequency", "total_purchase_value")),
    "p_alive": Recipe(LOGISTIC, columns=PURCHASE_FEATURES),
}
