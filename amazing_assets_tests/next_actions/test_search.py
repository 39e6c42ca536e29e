import multiprocessing
import os
import signal

import pytest

from amazing_assets.next_actions.baselines import MARKOV_1, fit_baselines
from amazing_assets.next_actions.search import Budget, Plan, Space, bytes_needed, held, search
from amazing_assets.next_actions.settings import Lesson, NetworkSettings
from amazing_assets_tests.next_actions.worlds import of_personas

BASE = NetworkSettings(context=True, epochs=1)
SMALL = Space(embedding=(0, 4), hidden=(4, 8), batch=(64, 128))


@pytest.fixture(scope="module")
def lesson():
    seen, _ = of_personas(20)
    counted = fit_baselines(seen.found, seen.parts)[MARKOV_1].after
    return Lesson(seen.found, seen.parts, counted)


def told_of(lesson, store, budget, space=SMALL):
    told = []
    plan = Plan(budget, BASE, space)
    found = search(lesson, store, plan, progress=lambda *said: told.append(said))
    return found, told


def test_the_best_of_what_was_tried_is_found_and_the_same_again(lesson, tmp_path):
    found, told = told_of(lesson, tmp_path / "a.db", Budget(trials=3))
    again, _ = told_of(lesson, tmp_path / "b.db", Budget(trials=3))
    assert found == again
    assert found.hidden in SMALL.hidden
    losses = [text.rsplit("loss ", 1)[1] for _, _, text in told]
    assert len(losses) == 3
    assert found._replace(dropout=0, learning_rate=0)._asdict().keys() == BASE._asdict().keys()


def test_a_search_begun_again_goes_on_and_does_nothing_twice(lesson, tmp_path):
    _, first = told_of(lesson, tmp_path / "a.db", Budget(trials=1))
    _, more = told_of(lesson, tmp_path / "a.db", Budget(trials=2))
    _, none = told_of(lesson, tmp_path / "a.db", Budget(trials=2))
    assert [done for done, _, _ in (*first, *more)] == [1, 2]
    assert none == []


def _search_until_killed(lesson, store):
    def kill(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    search(lesson, store, Plan(Budget(trials=2), BASE, SMALL), progress=kill)


def test_a_search_that_was_killed_goes_on(lesson, tmp_path):
    killed = multiprocessing.get_context("spawn").Process(
        target=_search_until_killed, args=(lesson, tmp_path / "a.db")
    )
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    found, told = told_of(lesson, tmp_path / "a.db", Budget(trials=2))
    assert [done for done, _, _ in told] == [2]
    assert found is not None


def test_what_would_hold_too_much_is_refused_and_not_begun(lesson, tmp_path):
    huge = Space(embedding=(4,), hidden=(4096,), batch=(256,))
    limit = held() + 100_000_000
    found, told = told_of(lesson, tmp_path / "a.db", Budget(trials=2, memory=limit), huge)
    assert found is None
    assert [text.split(": ")[1][:7] for _, _, text in told] == ["refused"] * 2
    assert held() < limit


def test_a_larger_network_needs_more():
    sizes = [BASE._replace(hidden=hidden) for hidden in (48, 96, 256)]
    needed = [bytes_needed(each) for each in sizes]
    assert needed == sorted(needed)
    assert bytes_needed(BASE._replace(batch=256)) > bytes_needed(BASE)


def test_after_its_time_no_other_is_begun(lesson, tmp_path):
    assert told_of(lesson, tmp_path / "a.db", Budget(trials=9, seconds=0)) == (None, [])
