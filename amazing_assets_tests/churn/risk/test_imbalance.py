import numpy as np
import pytest

from amazing_assets.churn.risk.imbalance import (
    AS_IS,
    SMOTE,
    STRATEGIES,
    UNDERSAMPLED,
    WEIGHTED,
    drawn_for,
)
from amazing_assets.churn.risk.recipes import LOGISTIC, Recipe, Rows, fit


def customers(rows=6_000, seed=1, level=-2.5):
    random = np.random.default_rng(seed)
    features = random.normal(size=(rows, 3))
    chance = 1 / (1 + np.exp(-(level + features @ [1.0, -0.5, 0.0])))
    happened = (random.uniform(size=rows) < chance).astype(float)
    return Rows(features, happened, np.arange(rows))


@pytest.mark.parametrize("level", [-2.5, 2.5])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_whatever_is_drawn_scores_are_those_of_all_customers(strategy, level):
    rows = customers(level=level)
    scores = fit(Recipe(LOGISTIC, imbalance=strategy), rows, seed=1)(rows.features)
    assert scores.mean() == pytest.approx(rows.happened.mean(), rel=0.12)


def test_where_most_did_it_no_rows_are_made_up():
    features, happened, _ = customers(level=2.5)
    assert len(drawn_for(SMOTE, features, happened, 1).happened) == len(happened)


def test_classes_weigh_alike_when_weighted_and_are_as_many_when_undersampled():
    features, happened, _ = customers()
    weighted = drawn_for(WEIGHTED, features, happened, 1)
    assert weighted.weights @ happened == pytest.approx(weighted.weights @ (1 - happened))
    fewer = drawn_for(UNDERSAMPLED, features, happened, 1)
    assert fewer.happened.mean() == 0.5
    assert fewer.happened.sum() == happened.sum()


def test_made_up_rows_lie_among_those_who_did_it():
    features, happened, _ = customers()
    more = drawn_for(SMOTE, features, happened, 1)
    did, made = features[happened > 0], more.features[len(features) :]
    assert len(made) > len(did)
    assert more.happened.sum() == pytest.approx(0.5 * (1 - happened).sum(), abs=1)
    assert np.all((made >= did.min(axis=0)) & (made <= did.max(axis=0)))


def test_where_all_or_none_did_it_rows_stay_as_they_are():
    features = np.ones((50, 2))
    for happened in (np.zeros(50), np.ones(50)):
        assert drawn_for(UNDERSAMPLED, features, happened, 1).features is features
    assert drawn_for(AS_IS, features, np.eye(50)[0], 1).odds == 1
