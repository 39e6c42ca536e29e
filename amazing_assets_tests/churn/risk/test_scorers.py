import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # has no types

from amazing_assets.churn.risk.imbalance import UNDERSAMPLED
from amazing_assets.churn.risk.recipes import BASELINES, CANDIDATES, LOGISTIC, Recipe, fit
from amazing_assets.churn.risk.scorers import SCORERS, forest_of
from amazing_assets.models import archive
from amazing_assets.models.probabilities import logit
from amazing_assets_tests.churn.risk.planted import planted

RECIPES = {
    **CANDIDATES,
    "prevalence": BASELINES["prevalence"],
    "drawn": Recipe(LOGISTIC, imbalance=UNDERSAMPLED),
}


@pytest.fixture(scope="module")
def rows():
    slices = planted(customers=2_000, weeks=3)
    found = slices.rows(slices.by_date)
    found.features[::7, 0] = np.nan
    return found


@pytest.mark.parametrize("name", [*RECIPES])
def test_what_is_stored_scores_as_before(rows, name, tmp_path):
    scorer = fit(RECIPES[name], rows, seed=1)
    archive.write(scorer, tmp_path / "model")
    again = archive.read(tmp_path / "model", SCORERS)
    assert np.array_equal(again(rows.features), scorer(rows.features))


@pytest.mark.parametrize("name", [*RECIPES])
def test_what_features_add_makes_up_the_whole_score(rows, name):
    scorer = fit(RECIPES[name], rows, seed=1)
    rest = logit(scorer(rows.features)) - scorer.contributions(rows.features).sum(axis=1)
    assert rest == pytest.approx(np.full(len(rest), rest[0]), abs=1e-4)


def test_a_forest_scores_as_the_model_it_was_made_of(rows):
    model = HistGradientBoostingClassifier(max_iter=30, random_state=1)
    with threadpool_limits(1, "openmp"):
        model.fit(rows.features, rows.happened)
    told = model.predict_proba(rows.features)[:, 1]
    assert forest_of(model)(rows.features) == pytest.approx(told, abs=1e-9)


@pytest.mark.parametrize("name", [*CANDIDATES])
def test_nobody_is_scored_without_a_complaint(rows, name):
    assert fit(CANDIDATES[name], rows, seed=1)(rows.features[:0]).shape == (0,)
