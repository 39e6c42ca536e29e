import polars as pl
import pytest

from amazing_assets.churn.risk.recipes import (
    BASELINES,
    BOOSTING,
    DEFAULTS,
    LIGHTGBM,
    LOGISTIC,
    RECENCY,
    Recipe,
)
from amazing_assets.churn.risk.search import SPACE, Budget, search
from amazing_assets_tests.churn.risk.planted import planted
from amazing_assets_tests.churn.risk.test_backtest import origins

CHAMPION = Recipe(LIGHTGBM, {"rounds": 40.0, "learning_rate": 0.1, "num_leaves": 7.0})


@pytest.fixture(scope="module")
def shop():
    return planted(customers=1_500, weeks=12)


def test_the_champion_enters_first_however_short_the_time(shop):
    heard = []
    found = search(
        shop,
        origins(shop, folds=2),
        [CHAMPION],
        Budget(trials=9, seconds=0),
        progress=lambda *told: heard.append(told),
    )
    assert found.trials["family"].to_list() == [LIGHTGBM]
    assert "rounds 40, learning_rate 0.1, num_leaves 7" in found.trials["settings"][0]
    assert found.finalists[0].settings["rounds"] == 40
    assert len(heard) == 1


def test_every_family_enters_by_default_and_the_best_comes_first(shop):
    found = search(shop, origins(shop, folds=2), [CHAMPION], Budget(trials=5, seconds=60))
    assert found.trials["family"].to_list()[1:4] == [LIGHTGBM, BOOSTING, LOGISTIC]
    assert found.trials.height == 5
    finished = found.trials.drop_nulls("pr_auc").sort("pr_auc")
    assert found.finalists[0].family == finished["family"][-1]
    assert found.trials["seconds"].min() > 0


def test_the_same_seed_searches_alike(shop):
    one, other = (
        search(shop, origins(shop, folds=1), [], Budget(trials=5, seconds=60, seed=3))
        for _ in range(2)
    )
    assert one.trials.drop("seconds").equals(other.trials.drop("seconds"))


def test_baselines_enter_no_search(shop):
    found = search(shop, origins(shop, folds=1), [BASELINES[RECENCY]], Budget(1, 0))
    assert found.trials["family"].to_list() == [LIGHTGBM]


def test_what_is_searched_contains_what_is_the_default():
    outside = {
        (family, name)
        for family, space in SPACE.items()
        for name, (low, high, _) in space.items()
        if not low <= DEFAULTS[family][name] <= high
    }
    assert not outside
    assert {family: set(space) for family, space in SPACE.items()} == {
        family: set(known) for family, known in DEFAULTS.items()
    }


def test_a_trial_that_was_given_up_has_no_figure(shop):
    found = search(shop, origins(shop, folds=3), [], Budget(trials=9, seconds=120, seed=1))
    given_up = found.trials.filter(state="given up")
    assert given_up["pr_auc"].null_count() == given_up.height > 0
    assert found.trials.filter(pl.col("state") == "finished")["pr_auc"].is_not_null().all()
