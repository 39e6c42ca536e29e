"""What is stale, decided of numbers: events, features of two months, a model, segments."""

import pytest

from amazing_assets.runs.stale import Cause, Cell, Records, Why, root, stale

OCT, NOV, DEC = "2019-10", "2019-11", "2019-12"
MONTHS = (OCT, NOV, DEC)


def before(key):
    return [MONTHS[place - 1] for place in range(1, 3) if MONTHS[place] == key]


def inputs(cell):
    """Features hold the month and the one before; segments are made of features and the model."""
    match cell.asset:
        case "clean_events":
            return [Cell("raw_events", cell.key)]
        case "user_features":
            return [Cell("clean_events", key) for key in (*before(cell.key), cell.key)]
        case "event_threshold" | "segment_model":
            return [Cell("user_features", key) for key in MONTHS]
        case "segment_rules":
            return [Cell("segment_model", None)]
        case "segment_assignments":
            return [Cell("user_features", cell.key)]
        case _:
            return []


# Made together: a step of two tables.
STEPS = [
    *((Cell("raw_events", m), Cell("rejected_events", m)) for m in MONTHS),
    *((Cell(asset, m),) for asset in ("clean_events", "user_features") for m in MONTHS),
    *((Cell(asset, None),) for asset in ("event_threshold", "segment_model", "segment_rules")),
    *((Cell("segment_assignments", m),) for m in MONTHS),
]

# Made in this order, each once.
MADE = {cell: number for number, cell in enumerate((c for step in STEPS for c in step), start=1)}
ALL_LATER = len(MADE) + 1


def found(numbers=MADE, **known):
    return stale(STEPS, inputs, Records(numbers, **known))


def cells(*assets, months):
    return {Cell(asset, month) for asset in assets for month in months}


def test_what_is_made_of_what_there_is_now_is_not_stale():
    assert found() == {}


def test_files_that_changed_make_their_month_and_what_holds_it_stale_and_nothing_else():
    of_october = ("raw_events", "rejected_events", "clean_events")
    holding_it = cells("user_features", "segment_assignments", months=[OCT, NOV])
    assert (
        set(found(changed={Cell("raw_events", OCT)}))
        == cells(*of_october, months=[OCT]) | holding_it
    )


def test_a_month_made_again_leaves_those_that_hold_it_stale():
    again = MADE | {
        cell: ALL_LATER + place
        for place, cell in enumerate(c for step in STEPS for c in step if c.key == OCT)
    }
    stale_now = found(again)
    assert set(stale_now) == cells("user_features", "segment_assignments", months=[NOV])
    assert stale_now[Cell("user_features", NOV)] == Cause(Why.OLDER, Cell("clean_events", OCT))


def test_what_a_cell_follows_in_the_end_is_told():
    stale_now = found(changed={Cell("raw_events", OCT)})
    assert root(Cell("segment_assignments", NOV), stale_now) == (
        Cell("raw_events", OCT),
        Cause(Why.FILES),
    )


def test_a_run_that_failed_half_way_goes_on_from_where_it_stands():
    raw_alone = MADE | {Cell(a, OCT): ALL_LATER for a in ("raw_events", "rejected_events")}
    holding_it = cells("user_features", "segment_assignments", months=[OCT, NOV])
    assert set(found(raw_alone)) == {Cell("clean_events", OCT)} | holding_it


def test_a_new_month_changes_no_month_before_it():
    of_december = {cell for cell in MADE if cell.key == DEC}
    assert set(found({c: n for c, n in MADE.items() if c.key != DEC})) == of_december


def test_what_is_made_in_one_step_is_stale_together():
    gone = {cell: n for cell, n in MADE.items() if cell != Cell("rejected_events", NOV)}
    assert found(gone)[Cell("raw_events", NOV)] == Cause(Why.ABSENT)


def test_a_newer_model_rewrites_no_history_but_what_is_told_of_it():
    trained = MADE | {Cell("segment_model", None): ALL_LATER}
    assert set(found(trained)) == {Cell("segment_rules", None)}


@pytest.mark.parametrize("has_champion", [True, False])
def test_a_model_is_trained_only_where_there_is_none(has_champion):
    stale_now = set(found(changed={Cell("raw_events", DEC)}, has_champion=has_champion))
    trained = {Cell("event_threshold", None), Cell("segment_model", None)}
    assert (trained <= stale_now) is not has_champion
    assert trained.isdisjoint(stale_now) is has_champion


def test_a_training_that_found_no_model_is_not_repeated_until_there_are_other_features():
    assert found(has_champion=False) == {}


def test_who_writes_down_its_inputs_is_stale_once_they_are_others():
    nov = Cell("user_features", NOV)
    assert found(outdated={nov}) == {
        nov: Cause(Why.OLDER),
        Cell("segment_assignments", NOV): Cause(Why.FOLLOWS, nov),
    }


def test_what_an_earlier_version_made_is_made_again_with_what_holds_it():
    again = found(earlier=cells("clean_events", months=[DEC]))
    holding_it = cells("user_features", "segment_assignments", months=[DEC])
    assert set(again) == cells("clean_events", months=[DEC]) | holding_it
    assert again[Cell("clean_events", DEC)] == Cause(Why.EARLIER)


def test_contacts_that_nobody_told_of_are_not_missed_and_those_of_before_follow_their_events():
    contacts = Cell("contacts", OCT)
    steps = [(Cell("clean_events", OCT),), (contacts,)]

    def of_events(cell):
        return [Cell("clean_events", OCT)] if cell == contacts else []

    never = Records({Cell("clean_events", OCT): 5})
    assert stale(steps, of_events, never) == {}
    older = Records({Cell("clean_events", OCT): 5, contacts: 3})
    assert set(stale(steps, of_events, older)) == {contacts}


@pytest.mark.parametrize(("read", "why"), [({}, Why.UNREAD), ({"contacts": 7}, Why.FILES)])
def test_contacts_that_somebody_delivers_are_read_the_first_time_and_whenever_they_change(
    read, why
):
    contacts = Cell("contacts", OCT)
    numbers = {Cell("clean_events", OCT): 5} | {Cell(asset, OCT): n for asset, n in read.items()}
    found = stale([(contacts,)], lambda _: (), Records(numbers, changed=frozenset({contacts})))
    assert found == {contacts: Cause(why)}
