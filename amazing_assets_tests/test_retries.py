"""When what failed is tried again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from amazing_assets.retries import LONGEST, next_attempt

NOON = datetime(2020, 5, 1, 12, tzinfo=UTC)


def attempts():
    """The pauses until nothing is tried any more, if every attempt fails at once."""
    failures, pauses = [NOON], []
    while due := next_attempt(failures):
        pauses.append(due - failures[-1])
        failures.append(due)
    return pauses


def test_pauses_grow_from_minutes_to_hours_and_end_after_three_days():
    pauses = attempts()
    minutes = [pause / timedelta(minutes=1) for pause in pauses]
    assert minutes[:5] == [5, 15, 45, 120, 360]
    assert set(minutes[5:]) == {360}
    assert LONGEST - timedelta(hours=6) < sum(pauses, timedelta()) <= LONGEST


@given(st.lists(st.integers(1, 500), min_size=1, max_size=30))
def test_nothing_is_ever_tried_within_five_minutes_of_a_failure(gaps):
    failures = [NOON + timedelta(minutes=sum(gaps[: n + 1])) for n in range(len(gaps))]
    due = next_attempt(failures)
    assert (due or NOON + 10 * LONGEST) >= failures[-1] + timedelta(minutes=5)
