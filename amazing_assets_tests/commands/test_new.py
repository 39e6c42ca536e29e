"""`amazing run --new`, and what every run tells, through the real command on small deliveries."""

import gzip
import shutil
from typing import Any

import pytest
from polars.testing import assert_frame_equal

from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.commands import amazing, found

# All that is made without a model.
SELECT = "+key:user_features or key:event_statistics"
TABLES = (
    "raw_events",
    "rejected_events",
    "clean_events",
    "event_statistics",
    "price_book",
    "sessions",
    "user_products",
    "user_features",
)
SHARDS = 2
NAMES = {"2019-10": "2019-Oct", "2019-11": "2019-Nov", "2019-12": "2019-Dec"}


def deliver(home, month, *, customers=8, price="35.79", name=None):
    """A month in which each customer buys once, on another day."""
    lines = [
        line(
            event_time=f"{month}-{day:02d} 10:00:00 UTC",
            event_type="purchase",
            price=price,
            user_id=str(541312140 + day),
            user_session=f"visit-{month}-{day}",
        )
        for day in range(1, customers + 1)
    ]
    return landed(home / "landing", *lines, name=name or f"{NAMES[month]}.csv")


def run(home, *arguments):
    return amazing(home, "run", *arguments, "--select", SELECT, AMAZING_SHARDS=str(SHARDS))


def made(ran):
    """Partition by partition, which tables a run made and why."""
    return {(each["partition"], each["why"]): set(each["tables"]) for each in ran["To make"]}


def features(home, month):
    lake = Lake(home / "lake", SHARDS, LocalEngine())
    return lake.scan("user_features", month).collect().sort("user_id")


CORRECTIONS: dict[str, dict[str, Any]] = {
    "other_prices": {"price": "70.00"},
    "another_part": {"customers": 5, "name": "2019-Oct.part2.csv"},
}

# Each takes half a dozen runs of the command: one always, all with `make evaluate`.
FIRST, *OTHERS = CORRECTIONS
SOME_CORRECTIONS = [FIRST, *(pytest.param(each, marks=pytest.mark.evaluate) for each in OTHERS)]


@pytest.mark.slow
@pytest.mark.parametrize("correction", SOME_CORRECTIONS)
@pytest.mark.evaluate
def test_after_a_corrected_october_what_is_stale_is_named_and_mended(tmp_path, correction):
    home, fresh = tmp_path / "home", tmp_path / "fresh"
    for month in NAMES:
        deliver(home, month)
    first = found(run(home, "--new", "--json"))
    assert made(first) == {(m, "its files were never read"): set(TABLES) for m in NAMES}
    assert first["Out of date"] == []

    deliver(home, "2019-10", **CORRECTIONS[correction])
    outdated = found(run(home, "--months", "2019-10", "--json"))["Out of date"]
    assert outdated == [
        {
            "partition": "2019-11",
            "tables": ["event_statistics", "user_features"],
            "why": "made of the old 2019-10",
        },
        {"partition": "2019-12", "tables": ["user_features"], "why": "made of the old 2019-10"},
    ]

    ran = run(home, "--new")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[:4] == [
        "To make:",
        "  2019-11: event_statistics, user_features: made of the old 2019-10",
        "  2019-12: user_features: made of the old 2019-10",
        "Left:",
    ]
    assert "  2019-10: made of what there is now" not in ran.stdout.splitlines()

    for file in sorted((home / "landing").iterdir()):
        (fresh / "landing").mkdir(parents=True, exist_ok=True)
        (fresh / "landing" / file.name).write_bytes(file.read_bytes())
    found(run(fresh, "--json"))
    for month in NAMES:
        assert_frame_equal(features(home, month), features(fresh, month))


@pytest.mark.evaluate
def test_new_alone_makes_a_corrected_month_and_what_holds_it(tmp_path):
    for month in ("2019-10", "2019-11"):
        deliver(tmp_path, month)
    found(run(tmp_path, "--json"))
    before = features(tmp_path, "2019-11")
    deliver(tmp_path, "2019-10", price="70.00")
    ran = found(run(tmp_path, "--new", "--json"))
    assert made(ran) == {
        ("2019-10", "its files changed since they were read"): set(TABLES),
        ("2019-11", "made of the old 2019-10, whose files changed since they were read"): {
            "event_statistics",
            "user_features",
        },
    }
    assert [month["month"] for month in ran["Months"]] == ["2019-10", "2019-11"]
    assert ran["Out of date"] == []
    after = features(tmp_path, "2019-11")
    assert before["monetary_7m"].to_list() == pytest.approx([2 * 35.79] * 8)
    assert after["monetary_7m"].to_list() == pytest.approx([70.00 + 35.79] * 8)


@pytest.mark.end_to_end
@pytest.mark.slow
def test_nothing_new_is_one_sentence_and_success(tmp_path):
    deliver(tmp_path, "2019-10")
    for _ in range(2):
        ran = amazing(tmp_path, "run", "--new", "--select", SELECT, AMAZING_SHARDS="2")
        assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[0] == (
        "Nothing of what was asked for is to be made: it is made of what there is now."
    )
    assert ran.stderr == ""


@pytest.mark.evaluate
def test_new_in_some_months_leaves_the_others_and_says_so(tmp_path):
    for month in ("2019-10", "2019-11"):
        deliver(tmp_path, month)
    ran = found(run(tmp_path, "--new", "--months", "2019-10", "--json"))
    assert set(made(ran)) == {("2019-10", "its files were never read")}
    (left,) = [each["why"] for each in ran["Left"] if each["what"] == "2019-11"]
    assert left.startswith("raw_events, rejected_events, clean_events, event_statistics and 9 more")
    assert left.endswith("not asked for, its files were never read")


@pytest.mark.end_to_end
@pytest.mark.slow
def test_after_a_failure_what_stands_is_told_and_new_goes_on_from_there(tmp_path):
    deliver(tmp_path, "2019-10")
    broken = deliver(tmp_path, "2019-11")
    whole = broken.read_bytes()
    broken.write_bytes(whole.replace(b"event_time", b"when", 1))
    deliver(tmp_path, "2019-12")
    failed = run(tmp_path)
    assert failed.returncode == 1
    *_, stands, not_made, goes_on, said = failed.stderr.strip().splitlines()
    assert stands == "Made, and stands: 2019-10."
    assert not_made == "Not made, and as before: 2019-11, 2019-12."
    assert goes_on == "`amazing run --new` goes on from there once the cause is mended."
    assert said.startswith("amazing: ")
    assert "2019-Nov.csv" in said
    broken.write_bytes(whole)
    ran = found(run(tmp_path, "--new", "--json"))
    assert {partition for partition, _ in made(ran)} == {"2019-11", "2019-12"}


@pytest.mark.evaluate
def test_a_month_that_stopped_half_way_goes_on_from_where_it_stands(tmp_path):
    deliver(tmp_path, "2019-10")
    raw = ("--months", "2019-10", "--select", "key:raw_events")
    found(amazing(tmp_path, "run", *raw, "--json", AMAZING_SHARDS="2"))
    ran = found(run(tmp_path, "--new", "--json"))
    assert made(ran) == {
        ("2019-10", "never made, or follows what never was"): set(TABLES)
        - {"raw_events", "rejected_events"}
    }


OF_SEGMENTS = {
    "segment_assignments",
    "segment_drift",
    "segment_profiles",
    "segment_migrations",
    "segment_report",
}


@pytest.mark.evaluate
def test_a_correction_is_assigned_by_the_model_in_use_and_trains_none(tmp_path):
    home, world = tmp_path / "home", tmp_path / "world"
    small = ("--customers", "300", "--months", "2019-10:2019-11")
    found(amazing(home, "generate", "--to", world, *small, "--json"))
    (home / "landing").mkdir(parents=True)
    for file in world.glob("*.csv.gz"):
        shutil.copy(file, home / "landing")
    new = ("run", "--new", "--json")
    first = found(amazing(home, *new, AMAZING_SHARDS="2"))
    trained = made(first)["no month", "no segment model assigns customers yet"]
    assert {"event_threshold", "segment_model", "segment_rules"} < trained
    assert first["Segments"]

    again = found(amazing(home, *new, AMAZING_SHARDS="2"))
    assert again["To make"] == []
    assert {left["why"] for left in again["Left"]} == {"made of what there is now"}

    october = home / "landing" / "2019-Oct.csv.gz"
    lines = gzip.decompress(october.read_bytes()).splitlines(keepends=True)
    october.write_bytes(gzip.compress(b"".join(lines[:-50])))
    corrected = found(amazing(home, *new, AMAZING_SHARDS="2"))
    assert made(corrected) == {
        ("2019-10", "its files changed since they were read"): {*TABLES, *OF_SEGMENTS},
        ("2019-11", "made of the old 2019-10, whose files changed since they were read"): {
            "event_statistics",
            "user_features",
            *OF_SEGMENTS,
        },
    }
    assert [left["what"] for left in corrected["Left"]] == ["segment_model"]
    assert corrected["Out of date"] == []
