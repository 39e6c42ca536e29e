import numpy as np

from amazing_assets.next_actions.histories import DAY
from amazing_assets.next_actions.periods import periods, sampling_order, split, strangers
from amazing_assets.next_actions.vocabulary import END_SESSION
from amazing_assets_tests.next_actions.worlds import START, UNTIL, of_personas


def test_six_weeks_each_are_held_out_of_seven_months_and_a_fifth_each_of_little():
    assert [(UNTIL - end) // DAY for end in periods(START, UNTIL)] == [84, 42, 0]
    assert [end // DAY for end in periods(0, 50 * DAY)] == [30, 40, 50]


def test_no_answer_crosses_from_one_period_to_the_next():
    seen, _ = of_personas(200)
    found, parts, at = seen
    begins = (0, *at[:2])
    for places, begin, end in zip(parts, begins, at, strict=True):
        assert len(places) > 100
        assert (found.at[places] > begin).all()
        in_visit = places[found.tokens[places] != END_SESSION]
        after = places[found.tokens[places] == END_SESSION]
        assert (found.at[in_visit + 1] <= end).all()
        assert len(after) > 10
        assert (found.at[after] + 28 * DAY <= end).all()


def test_strangers_are_in_no_training_and_are_judged():
    seen, _ = of_personas(400)
    found, parts, _ = seen
    strange = strangers(found.customers)[found.owners]
    assert not strange[parts.train].any()
    assert 0.02 < strange[parts.test].mean() < 0.25


def test_places_are_those_with_an_answer_whatever_is_asked_of_them():
    seen, _ = of_personas(100)
    everything = np.concatenate(split(seen.found, seen.at))
    assert len(set(everything.tolist())) == len(everything)
    assert (seen.found.targets[everything] >= 0).all()


def test_the_order_of_sampling_looks_like_chance():
    order = sampling_order(np.arange(10_000))
    assert len(np.unique(order)) == 10_000
    assert abs((order < np.uint64(2**63)).mean() - 0.5) < 0.02
