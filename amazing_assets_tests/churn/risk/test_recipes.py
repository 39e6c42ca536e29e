import numpy as np
import pytest

from amazing_assets.churn.risk.recipes import BASELINES, CANDIDATES, fit
from amazing_assets_tests.churn.risk.planted import planted


@pytest.fixture(scope="module")
def rows():
    slices = planted(customers=3_000, weeks=3)
    return slices.rows(slices.by_date)


@pytest.mark.parametrize("name", [*CANDIDATES])
def test_same_seed_same_scores_and_a_score_ignores_who_else_is_asked_about(rows, name):
    one, other = (fit(CANDIDATES[name], rows, seed=5) for _ in range(2))
    scores = one(rows.features)
    assert np.array_equal(scores, other(rows.features))
    assert one(rows.features[7:9]) == pytest.approx(scores[7:9], abs=1e-12)
    assert scores.min() >= 0
    assert scores.max() <= 1


@pytest.mark.parametrize("name", [*CANDIDATES])
def test_unknown_values_are_scored(rows, name):
    unknown = np.full_like(rows.features[:5], np.nan)
    assert np.isfinite(fit(CANDIDATES[name], rows, seed=5)(unknown)).all()


def test_the_prevalence_is_told_of_everybody(rows):
    nothing = rows._replace(features=rows.features[:, :0])
    told = fit(BASELINES["prevalence"], nothing, seed=1)(nothing.features)
    assert np.unique(told) == pytest.approx(rows.happened.mean())
