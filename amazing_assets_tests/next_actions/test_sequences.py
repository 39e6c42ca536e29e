from datetime import UTC, date, datetime, timedelta

import duckdb
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from amazing_assets.events.clean import clean_shard
from amazing_assets.lake.contract import find_faults
from amazing_assets.next_actions.contract import ActionSequences
from amazing_assets.next_actions.sequences import joined, sequences, steps_of_events
from amazing_assets.next_actions.vocabulary import ACTIONS, END_SESSION
from amazing_assets_tests.builders import event, raw

OCT = date(2019, 10, 1)


def clean(*events):
    return clean_shard(raw(*events).lazy())


def at(second, day=1, month=10):
    return datetime(2019, month, day, tzinfo=UTC) + timedelta(seconds=second)


def views(seconds, **fields):
    return [event(event_time=at(second), **fields) for second in seconds]


def test_a_customers_actions_are_numbers_in_order_and_a_visit_has_an_end():
    events = clean(
        event(event_time=at(5), event_type="purchase"),
        event(event_time=at(0)),
        event(event_time=at(60), user_session="another", category_code="kids"),
    )
    (row,) = sequences(events, OCT).collect().to_dicts()
    named = [ACTIONS[action] for action in row["actions"]]
    assert named == [
        "view_electronics",
        "purchase_electronics",
        "end_session",
        "view_kids",
        "end_session",
    ]
    assert row["seconds"] == [0, 5, 5, 60, 60]


def test_of_more_than_three_of_a_kind_in_a_row_three_are_kept_and_all_are_counted():
    (row,) = sequences(clean(*views(range(9))), OCT).collect().to_dicts()
    assert row["actions"] == [7, 7, 7, END_SESSION]
    assert row["repeats"] == [1, 1, 7, 1]
    assert row["seconds"] == [0, 1, 2, 8]


def test_interleaved_visits_end_with_the_last_event_of_each():
    first, second = views((0, 20), user_session="a"), views((10, 30), user_session="b")
    (row,) = sequences(clean(*first, *second), OCT).collect().to_dicts()
    assert row["actions"] == [7, 7, 7, END_SESSION, 7, END_SESSION]


def test_returns_are_left_out_and_rows_keep_their_contract():
    given_back = event(event_type="purchase", price_cents=-5, event_time=at(9))
    found = sequences(clean(event(), given_back), OCT).collect()
    assert found["actions"].to_list() == [[7, END_SESSION]]
    assert find_faults(ActionSequences.to_schema(), found) == []


def test_a_visit_and_a_run_that_go_on_across_a_months_end_are_one():
    october = clean(
        *[event(event_time=at(s, day=31), user_session="night") for s in (86398, 86399)]
    )
    november = clean(*[event(event_time=at(s, month=11), user_session="night") for s in (0, 1)])
    months = [
        ("2019-10", sequences(october, OCT)),
        ("2019-11", sequences(november, date(2019, 11, 1))),
    ]
    history = joined(months).collect()
    assert history["action"].to_list() == [7, 7, 7, END_SESSION]
    assert history["repeats"].to_list() == [1, 1, 2, 1]
    last_seconds = [30 * 86400 + 86398, 30 * 86400 + 86399]
    assert (history["at"] - int(at(0).timestamp())).to_list()[:2] == last_seconds


# Steps of time, customers and types; a visit ends where more than a day passes.
LIVES = st.lists(
    st.tuples(
        st.integers(0, 2 * 86_400),
        st.integers(1, 2),
        st.sampled_from(["view", "cart", "purchase"]),
        st.sampled_from(["kids", "sport.ball", None]),
    ),
    min_size=1,
    max_size=40,
)


def told(life):
    """Clean events of customers whose visits end where more than a day passes."""
    now, visits, rows = at(0), {}, []
    for step, user, kind, code in life:
        now += timedelta(seconds=step)
        last, visit = visits.get(user, (now, 0))
        visits[user] = (now, visit + (now - last > timedelta(days=1)))
        session = f"{user}-{visits[user][1]}"
        known = {"event_type": kind, "category_code": code, "user_session": session}
        rows.append(event(event_time=now, user_id=user, **known))
    return clean(*rows)


@given(life=LIVES)
@settings(deadline=None, max_examples=60)
def test_months_joined_are_what_one_pass_over_all_events_makes(life):
    events = told(life).collect()
    whole = joined([("2019-10", sequences(events.lazy(), OCT))]).collect()
    month = pl.col("event_time").dt.date().dt.truncate("1mo")
    parts = [
        (f"{first:%Y-%m}", sequences(events.filter(month == first).lazy(), first))
        for first in events.select(month).to_series().unique().sort()
    ]
    assert_frame_equal(joined(parts).collect(), whole)


@given(life=LIVES, visits=st.lists(st.integers(0, 2), min_size=40, max_size=40))
@settings(deadline=None, max_examples=60)
def test_events_of_any_months_make_the_steps_of_their_months_joined(life, visits):
    # Ids of visits that come back, in the same month and in others.
    again = pl.Series([f"visit {visit}" for visit in visits[: len(life)]])
    events = told(life).collect().with_columns(pl.lit(again).head(pl.len()).alias("user_session"))
    month = pl.col("event_time").dt.date().dt.truncate("1mo")
    parts = [
        (f"{first:%Y-%m}", sequences(events.filter(month == first).lazy(), first))
        for first in events.select(month).to_series().unique().sort()
    ]
    assert_frame_equal(steps_of_events(events.lazy()).collect(), joined(parts).collect())


@given(life=LIVES, seed=st.integers(0, 99))
@settings(deadline=None, max_examples=40)
def test_the_order_of_rows_makes_no_difference(life, seed):
    events = told(life).collect()
    shuffled = events.sample(fraction=1, shuffle=True, seed=seed)
    assert_frame_equal(
        sequences(shuffled.lazy(), OCT).collect(), sequences(events.lazy(), OCT).collect()
    )


SECOND_WAY = """
with ordered as (
    select *, row_number() over (
        partition by user_id order by event_time,
            list_position(['view', 'cart', 'remove_from_cart', 'purchase'], event_type::varchar),
            product_id, user_session, category_code
    ) as n
    from events
), steps as (
    select user_id, event_time, n, 0 as part, event_type || '_' ||
        case split_part(coalesce(category_code, ''), '.', 1)
            when 'kids' then 'kids' when 'sport' then 'sport' else 'unknown' end as name
    from ordered
    union all
    select user_id, max(event_time), max(n), 1, 'end_session' from ordered
    group by user_id, user_session
), runs as (
    select *, n * 2 + part - row_number() over (partition by user_id, name order by n, part) as run,
        row_number() over (partition by user_id order by n, part) as place
    from steps
), numbered as (
    select *, row_number() over (
        partition by user_id, name, place - row_in_name order by place) as nth
    from (select *, row_number() over (partition by user_id, name order by place) as row_in_name
          from runs)
)
select user_id, name from numbered where nth <= 3 order by user_id, place
"""


@given(life=LIVES)
@settings(deadline=None, max_examples=40)
def test_sql_makes_the_same_sequences(life):
    events = told(life).collect()
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        second = connection.execute(SECOND_WAY).fetchall()
    first = sequences(events.lazy(), OCT).select("user_id", "actions").explode("actions").collect()
    assert [(user, ACTIONS[action]) for user, action in first.rows()] == second
