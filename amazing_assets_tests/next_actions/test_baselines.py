import numpy as np
import pytest

from amazing_assets.next_actions.baselines import (
    MAJORITY,
    MARKOV_1,
    MARKOV_2,
    REPEAT,
    TASTES,
    TREES,
    fit_baselines,
)
from amazing_assets.next_actions.scores import score
from amazing_assets_tests.next_actions.worlds import of_personas, without_memory


@pytest.fixture(scope="module")
def world():
    return of_personas(500)


@pytest.fixture(scope="module")
def fitted(world):
    return fit_baselines(world[0].found, world[0].parts)


@pytest.mark.parametrize("name", [MAJORITY, REPEAT, MARKOV_1, MARKOV_2, TASTES, TREES])
def test_probabilities_sum_to_one_and_none_is_negative(fitted, world, name):
    seen, _ = world
    told = fitted[name].probabilities(seen.found, seen.parts.test)
    np.testing.assert_allclose(told.sum(axis=1), 1, atol=1e-5)
    assert (told >= 0).all()


def test_counting_by_hand_makes_the_same_first_order_table(fitted, world):
    seen, _ = world
    found, places = seen.found, seen.parts.train
    after_cart = places[found.tokens[places] == 21]
    share = (found.targets[after_cart] == 49).mean()
    assert len(after_cart) > 20
    assert fitted[MARKOV_1].after[21, 49] == pytest.approx(share, abs=0.02)


def test_each_baseline_knows_more_than_the_one_before_where_there_is_more(fitted, world):
    seen, law = world
    names = (MAJORITY, REPEAT, MARKOV_1, MARKOV_2, TASTES, TREES)
    losses = [score(fitted[name], seen.found, seen.parts.test).loss.mean() for name in names]
    assert losses == sorted(losses, reverse=True)
    assert score(law, seen.found, seen.parts.test).loss.mean() < losses[-1]


def test_where_the_last_action_says_all_counting_comes_close_to_the_truth():
    seen = without_memory(600)
    fitted = fit_baselines(seen.found, seen.parts)
    loss = score(fitted[MARKOV_1], seen.found, seen.parts.test).loss.mean()
    second = score(fitted[MARKOV_2], seen.found, seen.parts.test).loss.mean()
    assert loss < second < loss + 0.02


def test_a_weight_of_taste_of_nothing_is_the_first_order(fitted, world):
    seen, _ = world
    plain = type(fitted[TASTES])(fitted[TASTES].after, fitted[TASTES].mix, 0.0)
    np.testing.assert_allclose(
        plain.probabilities(seen.found, seen.parts.test),
        fitted[MARKOV_1].probabilities(seen.found, seen.parts.test),
        atol=1e-6,
    )
