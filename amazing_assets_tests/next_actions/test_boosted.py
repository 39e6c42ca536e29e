import numpy as np
import pytest

from amazing_assets.models import archive
from amazing_assets.next_actions.baselines import MARKOV_1, TREES, fit_baselines
from amazing_assets.next_actions.boosted import FEWEST_PLACES, LAST, Boosted, figures
from amazing_assets.next_actions.vocabulary import BEGIN
from amazing_assets_tests.next_actions.worlds import independent, of_personas


@pytest.fixture(scope="module")
def seen():
    return of_personas(150)[0]


def test_trees_read_the_last_five_actions_of_the_same_customer_only(seen):
    found = seen.found
    second = found.begins[:-1] + 1
    tokens = figures(found, second)[:, :LAST]
    np.testing.assert_array_equal(tokens[:, 0], found.tokens[second])
    assert (tokens[:, 1:] == BEGIN).all()


def test_stored_and_read_again_they_answer_alike(seen, tmp_path):
    trees = fit_baselines(seen.found, seen.parts)[TREES]
    archive.write(trees, tmp_path / "trees")
    again = archive.read(tmp_path / "trees", (Boosted,))
    places = seen.parts.test
    told = trees.probabilities(seen.found, places)
    np.testing.assert_array_equal(again.probabilities(seen.found, places), told)


def test_where_nothing_is_to_be_learnt_they_invent_little():
    seen = independent(150)
    fitted = fit_baselines(seen.found, seen.parts)
    trees, counted = (
        fitted[each].probabilities(seen.found, seen.parts.test) for each in (TREES, MARKOV_1)
    )
    assert np.abs(trees - counted).mean() < 0.002


def test_of_few_actions_none_are_grown():
    seen = of_personas(20)[0]
    assert len(seen.parts.train) < FEWEST_PLACES
    assert TREES not in fit_baselines(seen.found, seen.parts)
