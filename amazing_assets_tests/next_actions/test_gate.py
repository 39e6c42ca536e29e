from functools import partial

import pytest

from amazing_assets.language.language import ENGLISH
from amazing_assets.models.promotion import PROMOTED, REFUSED
from amazing_assets.next_actions.card import ablation, model_card
from amazing_assets.next_actions.evaluation import POPULATIONS, TEST
from amazing_assets.next_actions.registered import TOO_FEW
from amazing_assets.next_actions.scores import score
from amazing_assets.next_actions.settings import NetworkSettings, TrainingSettings
from amazing_assets.next_actions.training import fit
from amazing_assets_tests.next_actions.worlds import independent, of_personas, without_memory

QUICK = NetworkSettings(embedding=8, context=True, hidden=16, epochs=2)

# Enough to beat the trees.
GOOD = NetworkSettings(embedding=8, context=True, hidden=48, epochs=6, batch=64, learning_rate=1e-2)


def trying(**variants):
    return TrainingSettings(variants=variants, fewest_places=0)


@pytest.fixture(scope="module")
def world():
    return of_personas(300)


@pytest.fixture(scope="module")
def trained(world, tmp_path_factory):
    """Fit on the world; who was trained once goes on from there."""
    return partial(fit, world[0], checkpoints=tmp_path_factory.mktemp("checkpoints"))


@pytest.fixture(scope="module")
def fitted(trained):
    return trained(trying(lstm_context=GOOD))


def test_where_customers_differ_the_network_beats_all_others_and_answers(fitted, world):
    seen, law = world
    assert fitted.decision.outcome == PROMOTED
    assert fitted.decision.reasons == ()
    assert (fitted.model.name, fitted.model.alert) == ("lstm_context", None)
    network, floor = fitted.rivals.network, score(law, seen.found, seen.parts.test).loss.mean()
    assert floor < network.loss(TEST) < fitted.rivals.baseline.loss(TEST)
    assert network.figure("ece") <= 0.02


def test_every_model_is_told_of_beside_the_others(fitted):
    told = fitted.model.evaluation.filter(period=TEST, figure="log_loss")
    assert set(told["population"]) == set(POPULATIONS)
    assert told["model"].n_unique() == 7
    assert (told["low"] <= told["value"]).all()
    assert (told["value"] <= told["high"]).all()


@pytest.mark.parametrize(
    ("steps", "baseline"), [(without_memory, "markov_1"), (independent, "majority")]
)
def test_where_nothing_is_to_be_learnt_the_right_simpler_model_answers_and_says_so(steps, baseline):
    fitted = fit(steps(150), trying(lstm_context=QUICK))
    assert (fitted.model.name, fitted.model.alert) == (baseline, "no_network_beats_counting")
    network, counting = (
        each.loss(TEST) for each in (fitted.rivals.network, fitted.rivals.baseline)
    )
    assert network == pytest.approx(counting, rel=0.01)
    said = " ".join(reason.told(ENGLISH) for reason in fitted.decision.reasons)
    assert said.startswith(f"It does not beat {baseline} beyond chance")
    assert "No network beat the simpler models" in model_card(fitted.model)


def test_a_network_that_is_no_better_than_the_champion_is_refused(fitted, trained):
    again = trained(trying(lstm_context=GOOD), champion=fitted.model)
    assert again.decision.outcome == REFUSED
    assert [reason.code for reason in again.decision.reasons] == ["next_action_champion"]


def test_a_network_replaces_a_simpler_model(fitted, trained):
    simpler = trained(TrainingSettings(seeds=0)).model
    assert simpler.alert
    better = trained(trying(lstm_context=GOOD), champion=simpler)
    assert better.decision.outcome == PROMOTED
    none = trained(TrainingSettings(seeds=0), champion=fitted.model)
    assert none.decision.outcome == REFUSED
    assert not none.decision.is_published


def test_of_too_few_actions_no_network_is_trained(world):
    few = fit(world[0], TrainingSettings(fewest_places=10**9))
    assert few.model.alert == TOO_FEW
    assert few.model.curve.is_empty()
    (reason,) = few.decision.reasons
    assert reason.told(ENGLISH).startswith("No network was trained: there are ")


def test_the_card_says_in_words_whether_the_embedding_helped(world):
    quick_ones = {
        "lstm_one_hot": QUICK._replace(embedding=0, epochs=1),
        "lstm_embedding": QUICK._replace(epochs=1),
    }
    told = ablation(fit(world[0], trying(**quick_ones)).model.evaluation)
    assert told.startswith("With an embedding learnt of actions the log loss is 1.")
    assert "of 1 trainings" in told
