from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from amazing_assets.churn.risk.backtest import Slices, backtest, fitted, judged
from amazing_assets.churn.risk.gate import objections
from amazing_assets.churn.risk.origins import Origin, mature, rolling, serving
from amazing_assets.churn.risk.recipes import (
    BASELINES,
    BOOSTING,
    CANDIDATES,
    LOGISTIC,
)
from amazing_assets.models.probabilities import Told, figures
from amazing_assets_tests.churn.risk.planted import HORIZON, TASK, planted

# The planted weeks know no purchases.
KNOWN = {name: recipe for name, recipe in BASELINES.items() if name != "p_alive"}


def origins(slices, folds=3):
    dates = list(slices.by_date)
    known = mature(dates, TASK, max(dates) + timedelta(days=HORIZON))
    return rolling(known, TASK, folds=folds)


def bayes(slices, at, told):
    rows = slices.asked([origin.test for origin in at])
    return Told(rows["bayes"].to_numpy(), told.happened, told.owners)


@pytest.fixture(scope="module")
def shop():
    return planted(customers=5_000, weeks=14)


def test_a_model_beats_every_baseline_beyond_chance_and_nothing_speaks_against_it(shop):
    at = origins(shop)
    told = backtest(CANDIDATES[LOGISTIC], shop, at, seed=1)
    baselines = {name: backtest(recipe, shop, at, seed=1) for name, recipe in KNOWN.items()}
    assert objections(told, baselines) == ()
    found = figures(told)
    assert found["roc_auc"].value > figures(baselines["recency"])["roc_auc"].value + 0.03
    assert found["roc_auc"].value < figures(bayes(shop, at, told))["roc_auc"].value
    assert found["ece"].value < 0.03


def test_where_nothing_is_to_be_known_the_gate_refuses_whatever_is_fitted():
    everybody_alike = planted(customers=8_000, weeks=14, signal=False)
    at = origins(everybody_alike)
    told = backtest(CANDIDATES[BOOSTING], everybody_alike, at, seed=1)
    baselines = {
        name: backtest(recipe, everybody_alike, at, seed=1) for name, recipe in KNOWN.items()
    }
    assert 0.47 < figures(told)["roc_auc"].value < 0.53
    refused = {reason.figures.get("baseline") for reason in objections(told, baselines)}
    assert refused >= {"prevalence", "recency"}


def test_a_model_that_knows_less_does_not_replace_the_champion(shop):
    at = origins(shop)
    champion = backtest(CANDIDATES[LOGISTIC], shop, at, seed=1)
    weaker = backtest(KNOWN["recency"], shop, at, seed=1)
    codes = {reason.code for reason in objections(weaker, {}, champion)}
    assert codes == {"risk_precision_lost", "risk_error_gained"}
    assert objections(champion, {}, weaker) == ()


def test_probabilities_that_are_too_sure_are_objected_to(shop):
    told = backtest(CANDIDATES[LOGISTIC], shop, origins(shop), seed=1)
    surer = told._replace(probability=told.probability**3)
    assert {reason.code for reason in objections(surer, {})} == {"risk_slope", "risk_level"}


def test_a_test_is_of_the_customers_of_its_week_and_of_weeks_it_was_not_fitted_on(shop):
    (at,) = origins(shop, folds=1)
    model = fitted(CANDIDATES[LOGISTIC], shop, at, seed=1)
    told = judged(model, shop, at.test)
    asked = shop.asked([at.test])
    assert told.owners.tolist() == asked["user_id"].to_list()
    alone = model.probabilities(asked.head(10))
    assert alone == pytest.approx(told.probability[:10], abs=1e-12)
    assert at.test not in {*at.train, at.calibrate}


def test_a_model_in_use_is_calibrated_on_the_latest_week_of_which_it_is_known(shop):
    latest = max(shop.by_date)
    at = serving([*shop.by_date], TASK)
    model = fitted(CANDIDATES[LOGISTIC], shop, at, seed=1)
    customers = shop.asked([latest])
    happened = shop.rows([latest]).happened
    assert model.probabilities(customers).mean() == pytest.approx(happened.mean(), rel=0.05)


def test_a_model_of_weeks_ago_tells_what_happens_by_now_and_ranks_as_before(shop):
    dates = list(shop.by_date)
    at = Origin((dates[0],), dates[4], dates[13])
    # From some week on two of three who would pause are no longer there.
    stays = ~TASK.happens | (pl.col("user_id") // 7 % 3 == 0)
    fewer = {day: shop.by_date[day].filter(stays) for day in dates[6:]}
    shop = Slices(TASK, {**shop.by_date, **fewer}, shop.fewest_events)
    alone = judged(fitted(CANDIDATES[LOGISTIC], shop, at, seed=1), shop, at.test)
    told = backtest(CANDIDATES[LOGISTIC], shop, [at], seed=1)
    before, after = figures(alone), figures(told)
    assert before["told_to_happened"].value > 1.5
    far = before["told_to_happened"].value - 1
    assert after["told_to_happened"].value == pytest.approx(1, abs=far / 2)
    assert after["brier"].value < before["brier"].value
    assert after["roc_auc"].value == pytest.approx(before["roc_auc"].value, abs=1e-9)


@pytest.mark.parametrize(("part", "is_learnt"), [(0, False), (1, True), (2, True)])
def test_where_weeks_overlap_who_calibrates_is_not_learnt_from(shop, part, is_learnt):
    dates = list(shop.by_date)
    at = Origin(tuple(dates[7:9]), dates[9], None)
    assert at.overlaps(TASK)
    away = pl.when(pl.col("user_id") % 3 == part).then(None).otherwise("days_to_event")
    changed = {day: shop.by_date[day].with_columns(days_to_event=away) for day in at.train}
    other = Slices(TASK, {**shop.by_date, **changed}, shop.fewest_events)
    rows = shop.rows([dates[13]]).features
    one, two = (
        fitted(CANDIDATES[LOGISTIC], each, at, seed=1).scores(rows) for each in (shop, other)
    )
    assert np.allclose(one, two) is not is_learnt


def test_of_few_who_did_it_or_as_many_as_were_told_no_level_is_told(shop):
    (at,) = origins(shop, folds=1)
    model = fitted(CANDIDATES[LOGISTIC], shop, at, seed=1)
    told = judged(model, shop, at.test)
    order = np.arange(len(told.happened))

    def did(number):
        return model.at_level_of(told._replace(happened=(order < number).astype(float)))

    assert did(49) is model
    assert did(round(told.probability.sum()) + 1) is model
    assert did(2 * round(told.probability.sum())) is not model


@pytest.mark.evaluate
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_boosting_closes_most_of_the_gap_from_recency_to_what_can_be_known(seed):
    shop = planted(customers=16_000, weeks=20, seed=seed)
    at = origins(shop)
    told = backtest(CANDIDATES[BOOSTING], shop, at, seed=1)
    recency = figures(backtest(KNOWN["recency"], shop, at, seed=1))["roc_auc"].value
    ceiling = figures(bayes(shop, at, told))["roc_auc"].value
    found = figures(told)
    assert found["roc_auc"].value >= recency + 0.05
    assert found["roc_auc"].value - recency >= 0.7 * (ceiling - recency)
    assert found["lift_10"].value >= 3.2
    assert found["ece"].value <= 0.02
