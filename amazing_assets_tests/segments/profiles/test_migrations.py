from datetime import date

import polars as pl

from amazing_assets.lake.contract import find_faults, schema_of
from amazing_assets.segments.contract import SegmentAssignments
from amazing_assets.segments.profiles.contract import SegmentMigrations
from amazing_assets.segments.profiles.migrations import migrate

NAMES = {1: "lion", 2: "bears", None: "unclassified"}
JANUARY = date(2020, 1, 1)


def assigned(places):
    """Assignments of customers by the segment of each."""
    return pl.DataFrame(
        [
            {
                "month": JANUARY,
                "user_id": user,
                "segment": segment,
                "segment_name": NAMES[segment],
                "reason": None if segment else "insufficient_events",
                "margin": 0.5,
                "model_version": "3",
            }
            for user, segment in places.items()
        ],
        schema=schema_of(SegmentAssignments),
    )


def crowd(first, size, segment):
    return dict.fromkeys(range(first, first + size), segment)


def moves(before, now):
    found = migrate(assigned(before), assigned(now), JANUARY)
    assert not find_faults(SegmentMigrations.to_schema(), found)
    return {(row["from_name"], row["to_name"]): row for row in found.to_dicts()}


def test_moves_are_counted_with_new_gone_and_unclassified():
    before = crowd(0, 100, 1) | crowd(100, 50, 2) | crowd(150, 40, None)
    now = crowd(0, 70, 1) | crowd(70, 30, 2) | crowd(100, 25, 2) | crowd(150, 40, 1)
    now |= crowd(500, 60, None)
    found = moves(before, now)
    assert {move: row["users"] for move, row in found.items() if not row["is_suppressed"]} == {
        ("lion", "lion"): 70,
        ("lion", "bears"): 30,
        ("bears", "bears"): 25,
        ("bears", "gone"): 25,
        ("unclassified", "lion"): 40,
        ("new", "unclassified"): 60,
    }
    assert found["bears", "lion"]["users"] is None
    assert ("new", "gone") not in found
    assert found["lion", "bears"]["share_of_from"] == 0.3
    assert found["lion", "bears"]["share_of_to"] == 30 / 55


def test_a_small_move_is_hidden_with_the_one_that_would_give_it_away():
    before = crowd(0, 100, 1) | crowd(100, 100, 2)
    now = crowd(0, 93, 1) | crowd(93, 7, 2) | crowd(100, 100, 2)
    found = moves(before, now)
    assert found["lion", "bears"]["is_suppressed"]
    assert found["lion", "lion"]["users"] is None
    assert found["bears", "bears"]["share_of_to"] is None


def test_those_who_stay_are_shown_although_one_customer_moved():
    names = {1: 700, 2: 600, None: 500}
    before, now, first = {}, {}, 0
    for segment, size in names.items():
        before |= crowd(first, size, segment)
        now |= crowd(first, size, segment)
        first += size
    now[0] = 2
    found = moves(before, now)
    assert found["lion", "lion"]["users"] == 699
    # Nobody went to the unclassified, which cannot be told from the one who went to the bears.
    assert (
        found["lion", "bears"] | {"to_segment": None, "to_name": "unclassified"}
        == (found["lion", "unclassified"])
    )


def test_nobody_moves_from_a_month_that_was_never_assigned():
    found = migrate(None, assigned(crowd(0, 100, 1)), JANUARY)
    assert found.is_empty()
    assert found.schema == schema_of(SegmentMigrations)
