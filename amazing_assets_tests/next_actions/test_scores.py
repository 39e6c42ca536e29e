import numpy as np
import pytest

from amazing_assets.next_actions.figures import calibration_error, figures, macro_f1, with_intervals
from amazing_assets.next_actions.scores import best_temperature, scores, tempered
from amazing_assets.next_actions.vocabulary import ACTIONS


def told(*rows):
    """Probabilities of the first actions; the others have the rest in equal parts."""
    full = np.zeros((len(rows), len(ACTIONS)), dtype=np.float32)
    for number, row in enumerate(rows):
        full[number, : len(row)] = row
    return full


TARGETS = np.array([1], dtype=np.int16)


def test_the_loss_is_minus_the_logarithm_of_what_happened():
    assert scores(told([0.75, 0.25]), TARGETS).loss[0] == pytest.approx(-np.log(0.25))


def test_what_was_called_impossible_costs_much_and_not_infinity():
    assert scores(told([1.0]), TARGETS).loss[0] == pytest.approx(-np.log(1e-9))


def test_actions_as_likely_share_the_mean_of_their_ranks():
    # All 58 as likely: "among the three likeliest" must not come for free.
    even = np.full((1, 58), 1 / 58, dtype=np.float32)
    found = scores(even, TARGETS)
    assert found.rank[0] == 29.5
    assert found.correct[0] == pytest.approx(1 / 58)
    repeat = scores(told([1.0]), TARGETS)
    assert repeat.rank[0] == 30.0
    assert figures(repeat, TARGETS, np.array([7]))["top_3"].value == 0.0


def test_probabilities_that_are_too_sure_are_made_as_sure_as_they_may_be():
    rng = np.random.default_rng(0)
    true = rng.dirichlet(np.full(58, 0.2), size=4000)
    targets = np.array([rng.choice(58, p=row) for row in true], dtype=np.int16)
    too_sure = tempered(np.maximum(true, 1e-9).astype(np.float32), 0.5)
    assert best_temperature(too_sure, targets) == pytest.approx(2.0, abs=0.1)


def test_tempered_probabilities_keep_their_order_and_sum_to_one():
    found = tempered(told([0.6, 0.3, 0.1]), 2.0)
    assert found.sum() == pytest.approx(1.0, abs=1e-6)
    assert found[0, 0] > found[0, 1] > found[0, 2] > found[0, 3]


def test_calibration_is_the_mean_distance_of_told_and_happened():
    sure = np.array([0.9, 0.9, 0.9, 0.9])
    assert calibration_error(sure, np.array([True] * 4)) == pytest.approx(0.1)
    assert calibration_error(sure, np.array([True, True, False, False])) == pytest.approx(0.4)


def test_macro_f1_is_the_mean_over_actions_that_happened():
    guess, targets = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 1], dtype=np.int16)
    assert macro_f1(guess, targets) == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_intervals_draw_customers_and_not_places():
    rng = np.random.default_rng(0)
    # A hundred places of a customer are all alike: they are as much evidence as one.
    own = rng.normal(size=50)
    values, owners = np.repeat(own, 100), np.repeat(np.arange(50), 100)
    many = with_intervals({"mean": values}, owners)["mean"]
    one = with_intervals({"mean": own}, np.arange(50))["mean"]
    assert many == pytest.approx(one)
    assert many.low < 0 < many.high
    assert many.high - many.low == pytest.approx(4 * own.std() / np.sqrt(50), rel=0.15)
