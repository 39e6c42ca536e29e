"""What exceeds chance: planted tastes do, one law for everybody does not."""

from dataclasses import replace

import numpy as np
import pytest

from amazing_assets.segments.behaviour.columns import WINDOW
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.search.beyond import Surplus, kappa, no_habits
from amazing_assets_tests.segments.laws import Law, world
from amazing_assets_tests.segments.watching import watching

MONTH = ("2019-10",)
PRICE, REMOVED = f"price_position_{WINDOW}", f"remove_per_cart_{WINDOW}"


@pytest.fixture(scope="module")
def one_law():
    """A month in which all customers do the same, some more often."""
    events, _ = world(Law("pareto"), 3_000, MONTH, seed=1)
    return watching(events, MONTH, customers=800, shuffles=10)


@pytest.fixture(scope="module")
def two_tastes():
    """A month of two kinds of customers: dear things in the morning, cheap ones at night."""
    events, _ = world(Law("lognormal", visits=8, taste=1.0), 1_500, MONTH, seed=1)
    return watching(events, MONTH, customers=800, shuffles=10)


def test_a_figure_that_chance_reaches_has_a_high_error_rate():
    worlds = tuple(0.5 + 0.01 * (-1) ** n for n in range(20))
    assert Surplus(0.50, worlds).error_rate == pytest.approx(0.5)
    assert Surplus(0.60, worlds).error_rate < 1e-6
    assert Surplus(0.50, (0.5,) * 20).error_rate == 1
    assert Surplus(0.51, (0.5,) * 20).error_rate == 0


def test_what_chance_leaves_is_what_a_surplus_is_measured_by():
    assert Surplus(0.97, (0.92, 0.92)).of_what_is_left == pytest.approx(0.625)
    assert Surplus(0.57, (0.52, 0.52)).of_what_is_left == pytest.approx(0.104, abs=1e-3)


def test_kappa_is_cohens():
    # Cohen (1960): 20 of 50 agree on yes, 15 on no; 5 and 10 do not agree.
    one = np.repeat([1, 1, 0, 0], [20, 5, 10, 15])
    other = np.repeat([1, 0, 1, 0], [20, 5, 10, 15])
    assert kappa(one, other) == pytest.approx(0.4)
    assert kappa(np.zeros(9, dtype=int), np.zeros(9, dtype=int)) == 0


def test_of_one_law_no_content_is_a_habit(one_law):
    _, chance = one_law
    assert {PRICE, REMOVED, f"hour_sin_{WINDOW}"} <= set(no_habits(chance))


def test_a_taste_is_a_habit_and_a_rare_event_is_none(two_tastes):
    _, chance = two_tastes
    found = set(no_habits(chance))
    assert PRICE not in found
    assert f"hour_sin_{WINDOW}" not in found
    assert REMOVED in found


@pytest.mark.slow
def test_what_chance_makes_is_refused(one_law, settings):
    features, chance = one_law
    lenient = replace(
        settings,
        ks=(3, 4),
        min_eligible=100,
        min_users=10,
        min_gain=-1.0,
        min_strength=0.0,
        min_segment_strength=0.0,
        min_jaccard=0.0,
        min_segment_jaccard=0.0,
        min_agreement=-1.0,
    )
    assert SegmentModel.fit(features, lenient).alert is None
    refused = SegmentModel.fit(features, lenient, chance=chance)
    assert refused.alert == "made_by_chance"
    assert refused.found.candidate == "rfm"
    measured = refused.selection_table.drop_nulls("agreement_of_visits")
    assert measured.height > 0
    assert set(measured["failed_gates"].str.contains("G7")) == {True}


@pytest.mark.slow
def test_tastes_are_found_and_exceed_chance(two_tastes, settings):
    features, chance = two_tastes
    model = SegmentModel.fit(features, replace(settings, ks=(2, 3), min_gain=0.02), chance=chance)
    assert model.alert is None
    told = {row["measure"]: row for row in model.found.validation.iter_rows(named=True)}
    agreement = told["agreement of visits"]
    assert agreement["value"] >= agreement["required"] > agreement["by_chance"]
    assert agreement["error_rate"] < 0.01
    assert model.found.unseen is not None
