from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from amazing_assets.defs.triggers.pauses import GIVES_UP_AFTER, PAUSES, next_try

NOON = datetime(2020, 5, 1, 12, tzinfo=UTC)


def tries(until):
    """When each try comes if every one fails at once."""
    failures = [NOON]
    while (at := next_try(failures)) and at < until:
        failures.append(at)
    return failures


def test_pauses_grow_and_the_longest_is_kept():
    minutes = [(at - NOON).total_seconds() / 60 for at in tries(NOON + timedelta(hours=16))]
    assert minutes == [0, 5, 20, 65, 185, 545, 905]


def test_what_fails_for_a_week_is_given_up():
    failures = tries(NOON + timedelta(days=60))
    assert len(failures) == 33
    assert next_try(failures) is None
    assert failures[-1] - NOON < GIVES_UP_AFTER + PAUSES[-1]


def test_what_never_failed_is_not_tried():
    assert next_try([]) is None


def test_a_failure_long_after_the_others_is_a_new_one():
    given_up = tries(NOON + timedelta(days=60))
    later = given_up[-1] + timedelta(days=2)
    assert next_try([*given_up, later]) == later + PAUSES[0]


@given(
    st.lists(st.timedeltas(timedelta(0), timedelta(days=3)), min_size=1, max_size=40),
)
def test_no_two_tries_are_closer_than_five_minutes(gaps):
    failures = [NOON]
    failures.extend(NOON + sum(gaps[:count], timedelta()) for count in range(1, len(gaps) + 1))
    at = next_try(failures) or datetime.max.replace(tzinfo=UTC)
    assert at >= failures[-1] + timedelta(minutes=5)
