import numpy as np
import polars as pl
import pytest

from amazing_assets.models.measures import eta_squared
from amazing_assets.segments.behaviour.representations import REPRESENTATIONS
from amazing_assets.segments.clustering.families import FAMILIES
from amazing_assets.segments.clustering.family import Family, Fit
from amazing_assets.segments.search.past import Before
from amazing_assets.segments.search.perturbations import (
    Perturbed,
    across_seeds,
    attacked,
    bots,
    foreseen,
    jaccards,
    over_time,
    under_attack,
    under_resampling,
    without_spenders,
)
from amazing_assets.segments.search.settings import SegmentSettings
from amazing_assets_tests.segments.personas import ball, personas, user_features

SETTINGS = SegmentSettings(min_eligible=100)


def trial_of(traits, family=FAMILIES[0], k=7, seed=0):
    customers = user_features(traits)
    matrix = REPRESENTATIONS[family.representation](customers).matrix(customers)
    labels = family.fit(matrix, k, seed, 10).clustering.assign(matrix).labels
    return Perturbed(family, k, customers, labels, seed, 10), matrix


@pytest.fixture(scope="module")
def real():
    return trial_of(personas(2_000)[0])


@pytest.fixture(scope="module")
def nothing():
    return trial_of(ball(2_000))


def test_a_jaccard_index_is_that_of_the_group_most_alike():
    reference, found = np.array([0, 0, 0, 1, 1]), np.array([1, 1, 0, 0, 0])
    assert jaccards(reference, found, 2).tolist() == [pytest.approx(2 / 3)] * 2


def test_real_groups_reappear_in_resamples_and_noise_does_not(real, nothing):
    found, noise = (under_resampling(*each, 4) for each in (real, nothing))
    assert found.least >= 0.9
    assert found.values.shape == (4, 7)
    assert noise.mean < 0.6


def test_real_groups_do_not_depend_on_the_seed_and_noise_does(real, nothing):
    assert across_seeds(*real, 3) >= 0.95
    assert across_seeds(*nothing, 3) < 0.9


def test_bots_leave_our_segments_alone_and_ruin_the_raw_recipe(real):
    trial, _ = real
    assert under_attack(trial) >= 0.9
    is_bot = bots(trial.customers.height, 0)
    raw = ["number_of_views_7m", "number_of_carts_7m", "number_of_purchases_7m", "frequency"]
    kmeans = next(family for family in FAMILIES if family.name == "kmeans")

    def naive(customers):
        matrix = customers.select(raw).to_numpy().astype(float)
        matrix = (matrix - matrix.mean(axis=0)) / matrix.std(axis=0)
        return kmeans.fit(matrix, 5, 0, 5).clustering.assign(matrix).labels

    clean = Perturbed(kmeans, 5, trial.customers, naive(trial.customers), 0, 5)
    ruined = naive(attacked(trial.customers, is_bot))[~is_bot.to_numpy()]
    assert clean.agreement(ruined, ~is_bot) < 0.3


def test_half_a_percent_are_bots_and_count_five_hundred_times():
    customers = user_features(personas(1_000)[0])
    is_bot = bots(1_000, 0)
    more = attacked(customers, is_bot)["number_of_views_7m"] / customers["number_of_views_7m"]
    assert is_bot.sum() == 5
    assert set(more.filter(is_bot)) == {500}
    assert set(more.filter(~is_bot)) == {1}


def test_the_top_spenders_do_not_decide(real):
    assert without_spenders(real[0]) >= 0.9


def test_last_months_segments_are_this_months_unless_behaviour_changed(real):
    trial, _ = real
    others = user_features(personas(2_000, seed=5)[0])
    same, changed = (
        over_time(trial, Before(features).past(SETTINGS, 0))
        for features in (trial.customers, others)
    )
    assert same.agreement == 1
    assert same.eta_squared is None
    assert changed.agreement < 0.7


def test_only_common_customers_are_compared(real):
    trial, _ = real
    past = Before(trial.customers.head(1_500)).past(SETTINGS, 0)
    assert over_time(trial, past).agreement >= 0.95


def test_too_few_customers_a_month_ago_are_no_past():
    features = user_features(personas(99)[0])
    assert Before(features).past(SETTINGS, 0) is None


@pytest.mark.parametrize(
    ("values", "expected"), [([1, 1, 5, 5], 1), ([1, 5, 1, 5], 0), ([2, 2, 2, 2], 0)]
)
def test_eta_squared_is_the_share_between_groups(values, expected):
    assert eta_squared(np.array(values, dtype=float), np.array([0, 0, 1, 1])) == expected


def test_who_did_not_spend_counts_as_zero():
    customers = pl.DataFrame({"user_id": [1, 2, 3, 4]})
    revenue = pl.DataFrame({"user_id": [4, 3], "revenue": [10.0, 10.0]})
    assert foreseen(customers, np.array([0, 0, 1, 1]), revenue) == 1


def test_a_family_that_reads_only_chance_fails_the_trial_of_seeds():
    class Chance:
        def __init__(self, seed):
            self.seed = seed

        def assign(self, matrix):
            labels = np.random.default_rng(self.seed).integers(3, size=len(matrix))
            return type("Memberships", (), {"labels": labels})

    chance = Family("chance", "scaled", lambda _m, _k, seed, _r: Fit(Chance(seed)))
    trial, matrix = trial_of(personas(500)[0], chance, 3)
    assert abs(across_seeds(trial, matrix, 3)) < 0.05


@pytest.mark.parametrize("seed", range(3))
def test_bots_do_not_become_a_segment(real, seed):
    customers = real[0].customers
    dirty = attacked(customers, bots(customers.height, seed))
    matrix = REPRESENTATIONS["scaled"](dirty).matrix(dirty)
    labels = FAMILIES[0].fit(matrix, 7, 0, 10).clustering.assign(matrix).labels
    assert np.bincount(labels, minlength=7).min() / len(labels) >= 0.02
