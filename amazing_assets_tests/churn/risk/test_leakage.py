import numpy as np
import polars as pl
import pytest

from amazing_assets.churn.risk.leakage import (
    MOST_OF_ONE_FEATURE,
    LeakageError,
    Probes,
    alone,
    probe,
    require_no_oracle,
    require_sharp_probe,
    shuffled_auc,
    to_review,
)
from amazing_assets.churn.risk.recipes import BOOSTING, Recipe
from amazing_assets_tests.churn.risk.planted import planted

QUICK = Recipe(BOOSTING, {"max_iter": 30})


@pytest.fixture(scope="module")
def slices():
    return planted(customers=4_000, weeks=6)


@pytest.fixture(scope="module")
def rows(slices):
    return slices.rows(slices.by_date)


def test_features_of_the_past_pass_and_the_strongest_is_named(rows, slices):
    found = probe(rows, slices.columns, QUICK, seed=1)
    assert found.strongest[0] in slices.columns
    assert 0.7 < found.strongest[1] < MOST_OF_ONE_FEATURE
    assert 0.48 <= found.shuffled <= 0.52


def test_a_column_that_knows_what_happened_is_named(rows, slices):
    happened = np.where(rows.happened > 0, 0.0, 5.0)
    leaking = rows._replace(features=np.column_stack([rows.features, happened]))
    with pytest.raises(LeakageError, match="next_week alone tells"):
        require_no_oracle(alone(leaking, [*slices.columns, "next_week"]))


def test_a_column_that_is_unknown_only_where_it_happened_is_named(rows):
    unknown = np.where(rows.happened > 0, np.nan, 1.0)
    assert alone(rows._replace(features=unknown[:, None]), ["seen_again"]) == {"seen_again": 1.0}


def test_the_probe_finds_what_is_planted_even_where_few_did_it(rows):
    few = rows.happened * (np.arange(len(rows.happened)) % 10 == 0)
    assert 0 < few.mean() < 0.02
    require_sharp_probe(rows._replace(happened=few))


def test_shuffled_outcomes_cannot_be_foretold(rows):
    told, bound = shuffled_auc(rows, QUICK, seed=3)
    assert 0.48 <= told <= 0.52
    assert bound < 0.04


class Judged:
    """As much of a model as a review asks for."""

    name = "lightgbm"

    def __init__(self, low, *, is_fallback=False):
        judged = {"model": [self.name], "figure": ["roc_auc"], "value": [low + 0.02], "low": [low]}
        self.evaluation, self.is_fallback = pl.DataFrame(judged), is_fallback


@pytest.mark.parametrize(
    ("model", "is_due"),
    [(Judged(0.849), False), (Judged(0.851), True), (Judged(0.9, is_fallback=True), False)],
)
def test_who_tells_more_than_any_shop_is_known_to_is_to_be_reviewed(model, is_due):
    said = to_review(model, Probes(("overdue_ratio", 0.81), 0.5, 0.02))
    assert ("overdue_ratio first, which alone tells 0.810" in (said or "")) is is_due
