"""When what failed is tried again."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from amazing_assets.retries import FORGOTTEN, LONGEST, LOOKS_BACK, PAUSES, next_attempt

NOON = datetime(2020, 5, 1, 12, tzinfo=UTC)


def attempts():
    """When each attempt comes until nothing is tried any more, if every one fails at once."""
    failures = [NOON]
    while due := next_attempt(failures, failures[-1]):
        failures.append(due)
    return failures


def test_pauses_grow_from_minutes_to_hours_and_end_after_three_days():
    pauses = [after - before for before, after in pairwise(attempts())]
    minutes = [pause / timedelta(minutes=1) for pause in pauses]
    assert minutes[:5] == [5, 15, 45, 120, 360]
    assert set(minutes[5:]) == {360}
    assert LONGEST - timedelta(hours=6) < sum(pauses, timedelta()) <= LONGEST


def test_what_was_given_up_is_not_tried_when_its_first_failures_are_no_longer_seen():
    failures = attempts()
    for hours in range(24 * 14):
        now = failures[-1] + timedelta(hours=hours)
        seen = [each for each in failures if now - each <= LOOKS_BACK] or [NOON]
        assert next_attempt(seen, now) is None


def test_what_failed_before_a_long_weekend_is_tried_after_it():
    assert next_attempt([NOON], NOON + timedelta(days=4)) == NOON + PAUSES[0]
    assert next_attempt([NOON], NOON + FORGOTTEN + timedelta(minutes=1)) is None


def test_a_failure_long_after_the_others_is_a_new_one():
    later = attempts()[-1] + timedelta(days=2)
    assert next_attempt([*attempts(), later], later) == later + PAUSES[0]


@given(st.lists(st.integers(1, 500), min_size=1, max_size=30))
def test_nothing_is_ever_tried_within_five_minutes_of_a_failure(gaps):
    failures = [NOON + timedelta(minutes=sum(gaps[: n + 1])) for n in range(len(gaps))]
    due = next_attempt(failures, failures[-1])
    assert (due or NOON + 10 * LONGEST) >= failures[-1] + timedelta(minutes=5)
