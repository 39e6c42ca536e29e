import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from amazing_assets.next_actions.histories import CONTEXT, DAY, histories, together
from amazing_assets.next_actions.vocabulary import (
    BEGIN,
    CATEGORY_OF,
    END_SESSION,
    INACTIVE,
    TYPE_OF,
)

UNTIL = 100 * DAY


def steps(*rows):
    """Customer, action, day."""
    users, actions, days = zip(*rows, strict=True)
    return pl.DataFrame(
        {
            "user_id": users,
            "action": pl.Series(actions, dtype=pl.Int16),
            "at": [int(day * DAY) for day in days],
            "repeats": pl.Series([1] * len(rows), dtype=pl.Int32),
        }
    )


def targets(*rows):
    return histories(steps(*rows), UNTIL).targets.tolist()


def test_what_follows_is_what_is_foretold():
    assert targets((1, 3, 0), (1, 17, 0), (1, END_SESSION, 0), (1, 4, 5), (1, END_SESSION, 5)) == [
        -1,
        17,
        END_SESSION,
        4,
        END_SESSION,
        INACTIVE,
    ]


def test_who_comes_back_after_28_days_was_away():
    late = targets((1, 3, 0), (1, END_SESSION, 0), (1, 3, 28.1), (1, END_SESSION, 28.1))
    soon = targets((1, 3, 0), (1, END_SESSION, 0), (1, 3, 28), (1, END_SESSION, 28))
    assert (late[2], soon[2]) == (INACTIVE, 3)


def test_of_a_visit_whose_28_days_are_not_over_nobody_knows_whatever_came_after():
    known = targets((1, 3, 72), (1, END_SESSION, 72))
    unknown = targets((1, 3, 73), (1, END_SESSION, 73), (1, 3, 74), (1, END_SESSION, 74))
    assert known == [-1, END_SESSION, INACTIVE]
    assert unknown == [-1, END_SESSION, -1, END_SESSION, -1]


def test_to_count_only_those_who_came_back_would_overstate_how_many_do():
    rng = np.random.default_rng(0)
    rows = []
    for customer in range(3000):
        day = rng.uniform(40, 100)
        rows += [(customer, 3, day), (customer, END_SESSION, day)]
        # Half never come back, the others some day within the next 28.
        if rng.random() < 0.5 and (back := day + rng.uniform(0, 28)) < 100:
            rows += [(customer, 4, back), (customer, END_SESSION, back)]
    found = histories(steps(*rows), UNTIL)
    first = found.begins[:-1] + 2
    known = found.targets[first] >= 0
    away = found.targets[first] == INACTIVE
    assert abs(away[known].mean() - 0.5) < 0.03
    came_back = np.diff(found.begins) > 3
    # The rule that masks only those who did not come back.
    assert away[known | came_back].mean() < 0.44


LIVES = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from([0, 3, 17, 45, END_SESSION]), st.integers(0, 9)),
    min_size=1,
    max_size=60,
).map(lambda rows: sorted(rows, key=lambda row: (row[0], row[2])))


@given(life=LIVES)
@settings(deadline=None, max_examples=60)
def test_context_is_what_counting_by_hand_makes_of_all_that_came_before(life):
    found = histories(steps(*life), UNTIL)
    place = 0
    for customer in sorted({row[0] for row in life}):
        done = [row[1] for row in life if row[0] == customer]
        assert found.tokens[place] == BEGIN
        assert not found.context[place].any()
        for number in range(1, len(done) + 1):
            events = [token for token in done[:number] if token != END_SESSION]
            expected = np.zeros(CONTEXT)
            for token in events:
                expected[CATEGORY_OF[token]] += 1 / len(events)
                expected[14 + TYPE_OF[token]] += 1 / len(events)
            expected[-2] = np.log1p(len(events))
            expected[-1] = np.log1p(number - len(events))
            np.testing.assert_allclose(found.context[place + number], expected, atol=2e-3)
        place += len(done) + 1
    assert place == len(found.tokens)


@given(life=LIVES)
@settings(deadline=None, max_examples=40)
def test_customers_read_apart_are_as_if_read_together(life):
    rows = steps(*life)
    parts = [histories(part, UNTIL) for part in rows.partition_by("user_id")]
    whole, joined = histories(rows, UNTIL), together(parts)
    for name, each in vars(whole).items():
        np.testing.assert_array_equal(getattr(joined, name), each)


def test_the_gap_before_a_first_action_is_none_and_every_other_is_told():
    found = histories(steps((1, 3, 0), (1, 4, 1), (2, 3, 50), (2, 4, 50)), UNTIL)
    gaps = np.expm1(found.numeric[:, 0].astype(float))
    np.testing.assert_allclose(gaps, [0, 0, 24, 0, 0, 0], rtol=2e-3)
