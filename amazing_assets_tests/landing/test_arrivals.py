import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazing_assets.landing.arrivals import PARTS_SETTLE, Arrivals, Unread, arrivals, signature_of
from amazing_assets.landing.cursor import Cursor
from amazing_assets.landing.names import month_of_file

OCT, NOV = "2019-Oct.csv.gz", "2019-Nov.csv.gz"
START = datetime(2020, 5, 1, tzinfo=UTC)
TICK = timedelta(seconds=30)


class Watch:
    """A landing zone, a clock and the cursor that is kept between ticks."""

    def __init__(self, **known):
        self.files, self.now, self.cursor, self.known = {}, START, Cursor(), known
        self.requested = []

    def tick(self, after=TICK) -> Arrivals:
        self.now += after
        found = arrivals(dict(self.files), self.cursor, self.now, **self.known)
        self.cursor = Cursor.from_json(found.cursor.to_json())
        self.requested += found.ready
        return found

    def settle(self):
        """Tick until the files have been the same for long enough; return what was requested."""
        self.tick()
        return self.tick(PARTS_SETTLE).ready

    def of_today(self):
        """The keys that a watch would request which sees these files for the first time."""
        other = Watch(**self.known)
        other.files = self.files
        return {arrival.month: arrival.run_key for arrival in other.settle()}

    def deliver(self, name=OCT, version=1):
        self.files[name] = (version, 0)


@pytest.fixture
def watch():
    return Watch()


def months(ready):
    return [arrival.month for arrival in ready]


def test_a_file_runs_its_month_once_it_has_settled(watch):
    watch.deliver()
    assert watch.tick().ready == ()
    assert watch.tick(PARTS_SETTLE - timedelta(seconds=1)).ready == ()
    (arrival,) = watch.tick(timedelta(seconds=1)).ready
    assert (arrival.month, arrival.files) == ("2019-10", (OCT,))
    assert arrival.run_key.startswith("2019-10:")
    assert watch.settle() == ()


def test_a_file_that_grows_starts_the_clock_again(watch):
    for size in range(20):
        watch.deliver(version=size)
        assert watch.tick(PARTS_SETTLE - timedelta(seconds=1)).ready == ()
    assert months(watch.tick(PARTS_SETTLE).ready) == ["2019-10"]


def test_another_part_starts_the_clock_again_and_runs_with_the_others(watch):
    watch.deliver("2019-Oct.part1.csv")
    watch.tick()
    watch.tick(PARTS_SETTLE / 2)
    watch.deliver("2019-Oct.part2.csv")
    assert watch.tick(PARTS_SETTLE / 2).ready == ()
    (arrival,) = watch.tick(PARTS_SETTLE).ready
    assert arrival.files == ("2019-Oct.part1.csv", "2019-Oct.part2.csv")


def test_a_part_that_comes_late_runs_the_month_again(watch):
    watch.deliver("2019-Oct.part1.csv")
    watch.settle()
    watch.deliver("2019-Oct.part2.csv")
    (arrival,) = watch.settle()
    assert len(arrival.files) == 2


def test_a_part_that_is_taken_away_runs_the_month_again(watch):
    watch.deliver("2019-Oct.part1.csv")
    watch.deliver("2019-Oct.part2.csv")
    watch.settle()
    del watch.files["2019-Oct.part2.csv"]
    (arrival,) = watch.settle()
    assert arrival.files == ("2019-Oct.part1.csv",)


def test_one_month_does_not_wait_for_another(watch):
    watch.deliver(OCT)
    watch.tick()
    watch.deliver(NOV)
    assert months(watch.tick(PARTS_SETTLE).ready) == ["2019-10"]
    assert months(watch.tick(PARTS_SETTLE).ready) == ["2019-11"]


def test_months_are_requested_oldest_first(watch):
    for name in (NOV, "2020-Jan.csv", OCT, "2019-Dec.csv"):
        watch.deliver(name)
    assert months(watch.settle()) == ["2019-10", "2019-11", "2019-12", "2020-01"]


def test_a_file_delivered_again_runs_its_month_again_and_no_other(watch):
    watch.deliver(OCT)
    watch.deliver(NOV)
    first = watch.settle()
    watch.deliver(OCT, version=2)
    (again,) = watch.settle()
    assert again.month == "2019-10"
    assert again.run_key not in {arrival.run_key for arrival in first}


def test_the_file_before_put_back_runs_under_a_key_that_dagster_has_not_seen(watch):
    keys = []
    for version in (1, 2, 1, 2, 1):
        watch.deliver(version=version)
        keys += [arrival.run_key for arrival in watch.settle()]
    assert len(set(keys)) == 5


def test_a_month_whose_files_are_gone_is_no_run(watch):
    watch.deliver()
    watch.settle()
    watch.files.clear()
    assert watch.settle() == ()


def test_a_month_that_comes_back_unchanged_runs_again(watch):
    watch.deliver()
    (first,) = watch.settle()
    watch.files.clear()
    watch.settle()
    watch.deliver()
    (back,) = watch.settle()
    assert back.month == first.month
    assert back.run_key != first.run_key


def test_a_folder_that_is_empty_for_a_moment_changes_nothing(watch):
    watch.deliver()
    watch.settle()
    watch.files.clear()
    watch.tick()
    watch.deliver()
    assert watch.settle() == ()


def test_a_file_that_vanishes_before_it_settles_is_forgotten(watch):
    watch.deliver()
    watch.tick()
    watch.files.clear()
    watch.tick()
    assert watch.cursor == Cursor()


def test_days_without_a_tick_lose_nothing(watch):
    watch.deliver(OCT)
    watch.settle()
    watch.deliver(OCT, version=2)
    watch.deliver(NOV)
    assert watch.tick(timedelta(days=9)).ready == ()
    assert months(watch.tick(PARTS_SETTLE).ready) == ["2019-10", "2019-11"]


def test_a_file_that_settled_while_nobody_ticked_runs_at_once(watch):
    watch.deliver()
    watch.tick()
    assert months(watch.tick(timedelta(days=9)).ready) == ["2019-10"]


def test_a_lost_cursor_repeats_keys_that_dagster_has_seen(watch):
    watch.deliver(OCT)
    watch.settle()
    watch.deliver(OCT, version=2)
    watch.deliver(NOV)
    known = {arrival.run_key for arrival in watch.settle()}
    watch.cursor = Cursor()
    assert {arrival.run_key for arrival in watch.settle()} == known


@pytest.mark.parametrize(
    "text", [None, "", "{", "[]", "3", '{"settled": [1]}', '{"waiting": {"2019-10": ["a"]}}']
)
def test_a_cursor_that_is_not_understood_is_empty(text):
    assert Cursor.from_json(text) == Cursor()


def test_a_month_that_is_made_of_these_files_already_is_no_run_and_asked_for_once():
    asked = []
    watch = Watch(is_made_of=lambda *asks: asked.append(asks) or True)
    watch.deliver()
    assert watch.tick().ready == ()
    assert asked == []
    assert watch.settle() == ()
    assert asked == [("2019-10", signature_of({OCT: (1, 0)}))]
    assert watch.settle() == ()
    watch.deliver(version=2)
    assert months(watch.settle()) == ["2019-10"]
    watch.deliver(version=1)
    assert months(watch.settle()) == ["2019-10"]
    assert len(asked) == 1


def test_a_month_that_is_made_of_other_files_is_a_run():
    watch = Watch(is_made_of=lambda month, _: month == "2019-10")
    watch.deliver(OCT)
    watch.deliver(NOV)
    assert months(watch.settle()) == ["2019-11"]


def test_a_clock_that_is_put_back_does_not_hold_a_month(watch):
    watch.deliver()
    watch.tick()
    assert watch.tick(-timedelta(days=2)).ready == ()
    assert months(watch.tick(PARTS_SETTLE).ready) == ["2019-10"]


def test_a_name_that_says_no_month_is_told_of_once(watch):
    watch.deliver("2019-Oktober.csv")
    watch.deliver()
    assert watch.tick().unreported == Unread(odd=("2019-Oktober.csv",))
    assert watch.tick().unreported == Unread()
    watch.deliver("notes.txt")
    found = watch.tick()
    assert found.unreported == Unread(odd=("notes.txt",))
    assert found.unread.odd == ("2019-Oktober.csv", "notes.txt")


def test_an_odd_name_is_told_of_again_when_it_comes_back(watch):
    watch.deliver("notes.txt")
    watch.tick()
    watch.files.clear()
    watch.tick()
    watch.deliver("notes.txt")
    assert watch.tick().unreported.odd == ("notes.txt",)


def test_a_month_that_is_not_ours_is_told_of_once_and_runs_once_it_is():
    ours = {"2019-10"}
    watch = Watch(is_known=lambda month: month in ours)
    watch.deliver(OCT)
    watch.deliver(NOV)
    assert watch.tick().unreported == Unread(outside=(NOV,))
    assert watch.tick().unreported == Unread()
    assert months(watch.tick(PARTS_SETTLE).ready) == ["2019-10"]
    ours.add("2019-11")
    assert months(watch.settle()) == ["2019-11"]


def test_why_nothing_starts_is_a_sentence():
    watch = Watch(is_known=lambda month: month > "2019")
    assert watch.tick().summary == "no month is new"
    watch.deliver(OCT)
    watch.deliver("1999-Jan.csv")
    for number in range(1_007):
        watch.deliver(f"notes{number:04d}.txt")
    assert watch.tick().summary == (
        "2019-10: waiting until nothing changed for 3 min; "
        "not read, for the name says no month: notes0000.txt, notes0001.txt, notes0002.txt, "
        "notes0003.txt, notes0004.txt and 1,002 more; "
        "not read, for the month is not ours: 1999-Jan.csv"
    )


def test_five_thousand_files_are_compared_in_no_time(watch):
    for number in range(5_000):
        watch.deliver(f"20{number % 20:02d}-Oct.part{number}.csv.gz")
    begin = time.perf_counter()
    assert len(watch.settle()) == 20
    assert time.perf_counter() - begin < 0.5


NAMES = (OCT, "2019-Oct.part2.csv.gz", NOV, "2019-Nov-2.csv", "odd.txt")
VERSIONS = st.integers(1, 3)
CHANGES = st.one_of(
    st.tuples(st.just("deliver"), st.sampled_from(NAMES), VERSIONS),
    st.tuples(st.just("delete"), st.sampled_from(NAMES)),
    st.tuples(st.just("tick"), st.integers(1, 400)),
)


def play(watch, changes):
    for kind, *what in changes:
        if kind == "deliver":
            watch.deliver(*what)
        elif kind == "delete":
            watch.files.pop(what[0], None)
        elif kind == "lose":
            watch.cursor = Cursor()
        else:
            watch.tick(timedelta(seconds=what[0]))
    watch.settle()


def landed_months(watch):
    found = {}
    for name in sorted(watch.files):
        if month_of_file(name):
            found.setdefault(month_of_file(name), []).append(name)
    return found


@given(st.lists(CHANGES, max_size=30))
def test_whatever_happens_the_last_content_of_each_month_is_requested_exactly_once(changes):
    watch = Watch()
    play(watch, changes)
    requested = list(watch.requested)
    assert len({arrival.run_key for arrival in requested}) == len(requested)
    for month, names in landed_months(watch).items():
        last = [arrival for arrival in requested if arrival.month == month][-1]
        assert list(last.files) == names
        assert last.run_key.startswith(watch.of_today()[month])
    assert watch.settle() == ()
    assert watch.requested == requested


@given(st.lists(CHANGES | st.just(("lose",)), max_size=30))
def test_a_lost_cursor_never_leaves_a_month_with_what_is_not_its_last_content(changes):
    watch = Watch()
    # As on a disk: a file written again has another time of change, so that every state is new.
    fresh = [
        (*change[:2], number) if change[0] == "deliver" else change
        for number, change in enumerate(changes)
        if change[0] != "delete"
    ]
    play(watch, fresh)
    # Dagster starts a run at the first sight of a key, and never again.
    launched = {arrival.run_key: arrival for arrival in reversed(watch.requested)}
    started = sorted(launched.values(), key=watch.requested.index)
    for month, names in landed_months(watch).items():
        last = [arrival for arrival in started if arrival.month == month][-1]
        assert list(last.files) == names
        assert last.run_key == watch.of_today()[month]
