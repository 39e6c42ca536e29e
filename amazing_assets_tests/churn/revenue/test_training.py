"""The better of both models serves, and what it tells is what happens: on worlds that are known."""

import numpy as np
import pytest

from amazing_assets.churn.revenue.contract import CustomerValue
from amazing_assets.churn.revenue.measures import figures, ranking
from amazing_assets.churn.revenue.model import told_by_law, value_of
from amazing_assets.churn.revenue.registered import BASELINE, CHALLENGER
from amazing_assets.churn.revenue.stored import read_model, write_model
from amazing_assets.churn.revenue.training import fit
from amazing_assets.lake.contract import find_faults
from amazing_assets.models.promotion import PROMOTED
from amazing_assets_tests.churn.revenue.buyers import AS_OF, frame_of, weeks
from amazing_assets_tests.churn.value.shoppers import shop, shop_of_groups

# One to judge, one that calibrates eight weeks before, and some to learn from.
ENOUGH = 18

NOW = frame_of(shop(6_000, seed=99), sees_who_stays=True)


@pytest.fixture(scope="module")
def seen():
    """A shop whose visits tell who has left, which purchases do not."""
    return fit(weeks(ENOUGH, sees_who_stays=True), NOW, AS_OF)


def figures_of(model, now=NOW):
    return figures(model.forecast(now), now["later_revenue"].to_numpy())


def test_trees_serve_where_they_know_more_and_say_so(seen):
    assert seen.decision.outcome == PROMOTED
    assert seen.model.name == CHALLENGER
    assert seen.model.reason == "Trees were better on the week that judged."
    law = figures(told_by_law(seen.model.law, NOW), NOW["later_revenue"].to_numpy())
    found = figures_of(seen.model)
    assert found.gini > law.gini
    assert found.told_to_happened == pytest.approx(1, abs=0.05)
    assert 0.75 <= found.coverage <= 0.85


def test_the_law_serves_where_it_is_the_truth():
    fitted = fit(weeks(ENOUGH), NOW, AS_OF)
    assert fitted.model.name == BASELINE
    found = figures_of(fitted.model)
    assert found.told_to_happened == pytest.approx(1, abs=0.05)
    assert 0.75 <= found.coverage <= 0.85


@pytest.mark.evaluate
def test_whichever_serves_ranks_as_well_as_the_law_where_customers_are_of_four_kinds():
    now = frame_of(shop_of_groups(6_000, seed=99))
    fitted = fit(weeks(ENOUGH, make=shop_of_groups), now, AS_OF)
    law = figures(told_by_law(fitted.model.law, now), now["later_revenue"].to_numpy())
    found = figures_of(fitted.model, now)
    assert found.gini >= law.gini - 0.005
    assert found.told_to_happened == pytest.approx(1, abs=0.08)


def test_too_short_a_history_is_told_and_the_law_serves():
    fitted = fit(weeks(3), NOW, AS_OF)
    assert fitted.model.name == BASELINE
    assert "too few weeks" in fitted.model.reason
    assert fitted.decision.outcome == PROMOTED


def test_a_model_is_stored_and_read_and_tells_the_same(seen, tmp_path):
    write_model(seen.model, tmp_path)
    read = read_model(tmp_path)
    assert read.reason == seen.model.reason
    np.testing.assert_array_equal(read.forecast(NOW).revenue, seen.model.forecast(NOW).revenue)


def test_what_is_told_keeps_its_contract(seen):
    rows = value_of(NOW, seen.model.forecast(NOW), AS_OF, "1")
    assert not find_faults(CustomerValue.to_schema(), rows)


def test_a_ranking_is_one_if_nobody_stands_wrong_and_none_if_all_stand_alike():
    revenue = np.array([0.0, 0.0, 5.0, 20.0])
    assert ranking(revenue, revenue) == pytest.approx(1)
    assert ranking(np.ones(4), revenue) == pytest.approx(0)
    assert ranking(-revenue, revenue) < 0
