from datetime import date, timedelta

import polars as pl
import pytest

from amazing_assets.events.clean import clean_shard
from amazing_assets.events.contract import EventStatistics
from amazing_assets.events.crowds import MOST_CUSTOMERS_A_SESSION
from amazing_assets.events.statistics.describe import add_up, describe_month, shard_statistics
from amazing_assets.events.statistics.monitors import FINDINGS, MONITORS
from amazing_assets.lake.contract import schema_of
from amazing_assets_tests.builders import event, raw
from amazing_assets_tests.events.statistics.test_describe import (
    NOTHING_REJECTED,
    at,
    describe,
    read,
    spread_over,
    values,
)

NOTHING_BEFORE = pl.DataFrame(schema=schema_of(EventStatistics))
PLANTED = 4  # February 2020: three ordinary months of one taxonomy are a better past than one


@pytest.fixture(scope="module")
def months(world):
    """Statistics and raw events of the world's months, in order."""
    found = []
    for file, month in zip(world.files, world.months, strict=True):
        kept, rejected = read(file, month)
        before = found[-1][0] if found else None
        found.append((describe(kept, rejected.lazy(), month, before), kept))
    return found


def found_in(statistics, before):
    """What every monitor finds in a month, by its name; those that find nothing are left out."""
    past = pl.concat([NOTHING_BEFORE, *before])
    findings = {name: monitor.find(statistics, past) for name, monitor in MONITORS.items()}
    assert all(frame.schema == FINDINGS for frame in findings.values())
    return {name: frame["what"].to_list() for name, frame in findings.items() if frame.height}


def test_a_world_is_unusual_where_it_was_made_so_and_nowhere_else(months, world):
    statistics = [frame for frame, _ in months]
    found = {
        month: found_in(statistics[n], statistics[max(0, n - 3) : n])
        for n, month in enumerate(world.months)
    }
    # Of so few customers nobody can tell that two hours are silent.
    assert found.pop("2019-10") == {}
    assert found.pop("2019-11") == {"no_day_is_missing": ["2019-11-15"]}
    remap = found.pop("2019-12")
    assert set(remap) == {"null_shares_are_usual", "taxonomy_is_stable", "nothing_misleads"}
    assert remap["null_shares_are_usual"] == ["share without category_code"]
    assert found == {month: {} for month in ("2020-01", "2020-02", "2020-03", "2020-04")}


DAY = date(2020, 2, 11)
BURST = pl.int_range(pl.len()) % 4 == 0


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (
            lambda events: events.filter(pl.col("user_id") % 2 == 0),
            {"volume_is_usual": ["customers a day", "events a day"]},
        ),
        (
            lambda events: events.with_columns(brand=pl.when(~BURST).then("brand")),
            {"null_shares_are_usual": ["share without brand"]},
        ),
        (
            lambda events: events.with_columns(user_session=pl.when(~BURST).then("user_session")),
            {"null_shares_are_usual": ["share without user_session"]},
        ),
        (
            lambda events: events.filter(pl.col("event_time").dt.date() != DAY),
            {"no_day_is_missing": ["2020-02-11"]},
        ),
    ],
    ids=["half of the customers", "brands", "sessions", "a day"],
)
def test_a_planted_damage_is_found_and_nothing_else(months, damage, found):
    kept = months[PLANTED][1]
    before = [frame for frame, _ in months[PLANTED - 3 : PLANTED]]
    statistics = describe(damage(kept), month="2020-02", before=before[-1])
    assert found_in(statistics, before) == found


def test_vanished_categories_are_named(months):
    kept = months[PLANTED][1]
    before = [frame for frame, _ in months[PLANTED - 2 : PLANTED]]
    codes = kept["category_code"].drop_nulls().value_counts(sort=True)["category_code"]
    gone = codes.head(3).to_list()
    renamed = pl.col("category_code").replace({gone[0]: "new.first", gone[1]: "new.second"})
    statistics = describe(kept.with_columns(renamed), month="2020-02", before=before[-1])
    found = found_in(statistics, before)
    assert set(found["taxonomy_is_stable"]) >= {
        f"category {gone[0]} is gone",
        f"category {gone[1]} is gone",
        "category new.first is new",
        "category new.second is new",
    }


def test_a_first_month_and_an_empty_one_are_looked_at_as_well(months):
    assert found_in(months[PLANTED][0], []) == {}
    empty = describe(raw(), month="2020-02", before=months[PLANTED - 1][0])
    found = found_in(empty, [months[PLANTED - 1][0]])
    assert len(found["no_day_is_missing"]) == 29


@pytest.mark.parametrize(("customers", "told"), [(20, []), (21, [21]), (300, [300])])
def test_crowded_sessions_are_told_with_their_customers(customers, told):
    events = raw(*(event(user_id=user, user_session="a") for user in range(customers)))
    crowded = ("a",) if customers > MOST_CUSTOMERS_A_SESSION else ()
    clean = clean_shard(events.lazy(), crowded)
    totals = add_up([shard_statistics(clean, events.lazy())])
    statistics = describe_month(totals, NOTHING_REJECTED, "2019-10", None)
    found = MONITORS["sessions_are_of_few"].find(statistics, NOTHING_BEFORE)
    assert found["what"].to_list() == [
        f"sessions of more than 20 customers each: 1; their customers, {number}, are flagged like "
        "bots and get no segment"
        for number in told
    ]
    assert values(statistics, "crowded_session", "all")["customers"] == sum(told)


def test_two_silent_hours_are_found():
    minutes = [at() + timedelta(minutes=n) for n in range(31 * 24 * 60)]
    silent = (at(9, 10), at(9, 12))
    statistics = describe(spread_over([m for m in minutes if not silent[0] <= m < silent[1]]))
    (found,) = MONITORS["no_silence"].find(statistics, NOTHING_BEFORE).to_dicts()
    assert found == {"what": "2019-10-09 10:00", "now": 0, "usual": 120}
