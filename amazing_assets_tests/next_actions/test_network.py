import multiprocessing
import os
import signal

import numpy as np
import polars as pl
import pytest
import torch

from amazing_assets.next_actions.baselines import MARKOV_1, fit_baselines
from amazing_assets.next_actions.exported import exported, softmax
from amazing_assets.next_actions.histories import histories
from amazing_assets.next_actions.network import Network, train
from amazing_assets.next_actions.settings import VARIANTS, Lesson, NetworkSettings
from amazing_assets.next_actions.windows import inputs, last_windows, windows
from amazing_assets_tests.next_actions.worlds import of_personas

SMALL = NetworkSettings(embedding=4, hidden=8, epochs=2, patience=9, batch=16)


@pytest.fixture(scope="module")
def lesson():
    seen, _ = of_personas(30)
    counted = fit_baselines(seen.found, seen.parts)[MARKOV_1].after
    return Lesson(seen.found, seen.parts, counted)


def differ(first, second):
    return [name for name in first if not np.array_equal(first[name], second[name])]


def test_one_seed_makes_one_network_and_two_seeds_two(lesson):
    first, again = train(lesson, SMALL), train(lesson, SMALL)
    assert differ(first.weights, again.weights) == []
    assert first.curve == again.curve
    assert "head.weight" in differ(first.weights, train(lesson, SMALL._replace(seed=1)).weights)


def _train_until_killed(lesson, checkpoint):
    def kill(epoch):
        os.kill(os.getpid(), signal.SIGKILL)
        return epoch.number > 0

    train(lesson, SMALL, checkpoint=checkpoint, stop=kill)


def test_a_training_killed_and_begun_again_ends_as_if_undisturbed(lesson, tmp_path):
    checkpoint = tmp_path / "unfinished" / "network.pt"
    # Started anew and not forked: torch's threads would not survive that.
    killed = multiprocessing.get_context("spawn").Process(
        target=_train_until_killed, args=(lesson, checkpoint)
    )
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    assert checkpoint.exists()
    told = []
    again = train(lesson, SMALL, checkpoint=checkpoint, progress=lambda *said: told.append(said))
    assert [done for done, _, _ in told] == [2]
    assert differ(train(lesson, SMALL).weights, again.weights) == []
    assert not checkpoint.exists()


class StoppedError(Exception):
    pass


def stop(*_):
    raise StoppedError


def test_what_is_left_of_another_training_is_not_gone_on_with(lesson, tmp_path):
    checkpoint, one = tmp_path / "network.pt", SMALL._replace(epochs=1)
    with pytest.raises(StoppedError):
        train(lesson, one._replace(seed=5), checkpoint=checkpoint, progress=stop)
    assert checkpoint.exists()
    found = train(lesson, one, checkpoint=checkpoint)
    assert differ(found.weights, train(lesson, one).weights) == []


def test_training_ends_when_nothing_is_gained_any_more(lesson):
    hasty = SMALL._replace(epochs=40, patience=1, learning_rate=0.05)
    curve = train(lesson, hasty).curve
    assert len(curve) < 40
    assert curve[-1].validate_loss >= min(epoch.validate_loss for epoch in curve) - 1e-9


@pytest.mark.parametrize("name", VARIANTS)
def test_what_is_exported_answers_as_torch_does(lesson, name):
    settings = VARIANTS[name]._replace(hidden=12)
    torch.manual_seed(0)
    network = Network(settings, lesson.counted).eval()
    torch.nn.init.normal_(network.head.weight)
    weights = {key: each.numpy() for key, each in network.state_dict().items()}
    served = exported(weights)
    places = lesson.parts.test[:300]
    pieces, piece = windows(lesson.found, places)
    tokens, figures = inputs(lesson.found, pieces)
    wanted = np.ones(tokens.shape, dtype=bool)
    with torch.no_grad():
        told = network(*map(torch.from_numpy, (tokens, figures, wanted))).numpy()
    rows = told.reshape(*tokens.shape, -1)[piece, places - pieces.starts[piece]]
    np.testing.assert_allclose(served.probabilities(lesson.found, places), softmax(rows), atol=1e-5)


@pytest.fixture(scope="module")
def served(lesson):
    return exported(train(lesson, SMALL._replace(epochs=1)).weights)


def test_a_network_that_has_learnt_nothing_says_what_counting_says(lesson):
    untrained = Network(SMALL, lesson.counted)
    served = exported({key: each.numpy() for key, each in untrained.state_dict().items()})
    places = lesson.parts.test
    np.testing.assert_allclose(
        served.probabilities(lesson.found, places),
        lesson.counted[lesson.found.tokens[places]],
        atol=1e-5,
    )


def test_every_vector_is_one_of_probabilities(lesson, served):
    told = served.of_last(lesson.found)
    np.testing.assert_allclose(told.sum(axis=1), 1, atol=1e-5)
    assert (told >= 0).all()


def test_a_customer_gets_the_same_answer_whoever_else_is_asked(lesson, served):
    found = lesson.found
    inside = found.tokens < 58
    steps = pl.DataFrame(
        {
            "user_id": found.customers[found.owners][inside],
            "action": found.tokens[inside],
            "at": found.at[inside],
            "repeats": np.ones(inside.sum(), dtype=np.int32),
        }
    )
    together = served.of_last(found)
    for part in (steps.filter(pl.col("user_id") < 7), steps.filter(pl.col("user_id") == 3)):
        some = histories(part, int(found.at.max()))
        rows = np.searchsorted(found.customers, some.customers)
        np.testing.assert_allclose(served.of_last(some), together[rows], atol=1e-6)


def test_no_piece_is_longer_than_48_and_each_ends_with_the_last_action(lesson):
    pieces = last_windows(lesson.found)
    assert pieces.lengths.max() == 48
    np.testing.assert_array_equal(pieces.starts + pieces.lengths - 1, lesson.found.last)
