import gzip
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from amazing_assets.landing.names import file_name
from amazing_assets.settings import load_settings
from benchmarks.bench import BenchmarkError, Task, benchmark
from benchmarks.disk import Disk, DiskError
from benchmarks.equality import compare
from benchmarks.kept import Kept, Measurement
from benchmarks.law import laws
from benchmarks.measured import FailedProcessError, measure
from benchmarks.page import PageError, described, write
from benchmarks.scenarios import IN_ONE, PEERS, TO_SUMMARIES
from benchmarks.steps import environment
from benchmarks.targets import results
from benchmarks.worlds import World, generate

ROOT = Path(__file__).parents[1]
AMPLE = 1_000_000_000


def python(program):
    return [sys.executable, "-c", program]


def started(*arguments):
    command = [sys.executable, "-W", "ignore", "-m", *map(str, arguments)]
    return subprocess.run(
        command, env=environment(), cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_the_peak_of_a_process_is_its_own_and_not_that_of_its_starter():
    held = bytearray(200 * 2**20)
    held[:: 2**10] = b"1" * len(held[:: 2**10])
    assert measure(python("pass"), environment()).gigabytes < 0.1
    holding = python("held = bytearray(200 * 2**20); held[:: 2**10] = b'1' * len(held[:: 2**10])")
    assert measure(holding, environment()).gigabytes > 0.19


def test_a_process_that_fails_or_is_killed_costs_nothing_that_is_kept():
    with pytest.raises(FailedProcessError, match="ended with 3"):
        measure(python("raise SystemExit(3)"), environment())
    with pytest.raises(FailedProcessError, match="killed by signal 9"):
        measure(python("import os; os.kill(os.getpid(), 9)"), environment())


def test_what_the_watch_raises_ends_the_process(tmp_path):
    sign = tmp_path / "sign"

    def watch():
        raise DiskError("full")

    with pytest.raises(DiskError, match="full"):
        measure(
            python(f"import time; time.sleep(60); open({str(sign)!r}, 'w')"), environment(), watch
        )
    assert not sign.exists()


def test_a_month_has_about_the_rows_it_was_asked_for(tmp_path):
    asked = World(tmp_path, {"2019-10": 3_000, "2019-11": 5_000}, 500)
    generate(asked)
    assert asked.is_whole
    for month, rows in asked.rows.items():
        assert asked.written[month] == pytest.approx(rows, rel=0.2)
        with gzip.open(asked.file(month), "rt") as lines:
            assert len(lines.readlines()) == 1 + asked.written[month]


def test_a_generation_that_was_killed_goes_on_with_the_same_bytes(tmp_path):
    asked = World(tmp_path, {"2019-10": 1_000, "2019-11": 1_000}, 200)
    generate(asked)
    first, second = (asked.file(month) for month in asked.rows)
    made, begun = second.read_bytes(), first.stat().st_mtime_ns
    second.unlink()
    (tmp_path / "unfinished" / file_name("2019-11")).write_bytes(b"half of it")
    generate(asked)
    assert second.read_bytes() == made
    assert first.stat().st_mtime_ns == begun


@pytest.mark.parametrize("module", PEERS.values())
def test_a_peer_makes_the_columns_of_user_features(module, october, world, tmp_path):
    settings = load_settings({"AMAZING_HOME": str(october[0].lake.root.parent)})
    out, month = tmp_path / f"{module}.parquet", world.months[0]
    made = started(f"benchmarks.peers.{module}", out, world.files[0])
    assert made.returncode == 0, made.stderr
    compare(settings, month, out)
    wrong = pl.read_parquet(out).with_columns(pl.col("count_products_5m") + 1)
    wrong.write_parquet(out)
    with pytest.raises(AssertionError, match="count_products_5m"):
        compare(settings, month, out)


def task(world, command, **more):
    more = {"scenario": "1M", "step": "a step", **more}
    return Task(
        command=command, environment=environment(), world=world, months=("2019-10",), **more
    )


@pytest.fixture
def small(tmp_path):
    made = World(tmp_path / "world", {"2019-10": 500}, 100)
    generate(made)
    return made


def test_what_is_finished_is_not_measured_again(tmp_path, small):
    marks = tmp_path / "marks"
    marking = task(small, python(f"open({str(marks)!r}, 'a').write('x')"))
    for _ in range(2):
        with benchmark(tmp_path / "bench", AMPLE) as bench:
            bench.measure(marking)
            bench.measure(replace(marking, round=1))
    assert marks.read_text() == "xx"
    kept = Kept.of(tmp_path / "bench" / "measured.json")
    assert len(kept.sittings) == 2
    (best,) = kept.best()
    assert [each.round for each in best.rounds] == [0, 1]
    assert best.any.events == small.written["2019-10"]
    assert best.ratio == best.seconds / best.bare > 0


def test_a_peer_that_fails_is_told_and_a_step_of_ours_ends_the_benchmark(tmp_path, small):
    failing = task(small, python("raise SystemExit(1)"))
    with benchmark(tmp_path / "bench", AMPLE) as bench:
        bench.measure(replace(failing, step="pandas", may_fail=True))
        with pytest.raises(BenchmarkError, match="a step of 1M ended with 1"):
            bench.measure(failing)
    kept = Kept.of(tmp_path / "bench" / "measured.json")
    assert [(each.step, each.failure) for each in kept.measurements] == [("pandas", "ended with 1")]
    assert "| ended with 1 |" in described(kept)


def test_two_benchmarks_never_measure_each_other(tmp_path):
    with (
        benchmark(tmp_path, AMPLE),
        pytest.raises(BenchmarkError, match="Another benchmark is at work"),
        benchmark(tmp_path, AMPLE),
    ):
        pass


def test_a_disk_that_is_too_small_is_refused_before_and_meanwhile(tmp_path):
    with pytest.raises(DiskError, match="GB are missing"):
        Disk(tmp_path, 10**18).ask()
    (tmp_path / "file").write_bytes(os.urandom(100_000))
    Disk(tmp_path, 10**6).watch()
    with pytest.raises(DiskError, match="more than"):
        Disk(tmp_path, 10**4).watch()


def measured(scenario, step, seconds, **more):
    facts = {"history": 1, "events": 20_000_000, "shards": 0, "round": 0, "gigabytes": 1.0}
    return Measurement(scenario, step, **{**facts, **more}, seconds=seconds, bare=10.0)


def test_a_target_is_kept_or_missed_by_the_best_seconds_and_the_most_memory(tmp_path):
    rounds = [
        measured("20M", TO_SUMMARIES, 50.0),
        measured("20M", TO_SUMMARIES, 39.0, round=1, gigabytes=1.6),
    ]
    found = results(Kept(tmp_path, rounds))
    assert [(each.measured, each.verdict) for each in found] == [
        ("3.90 x bare", "pass"),
        ("1.60 GB", "MISS"),
    ]


def test_seconds_in_proportion_have_the_exponent_one(tmp_path):
    sizes = {"1k": (1_000, 5.0), "20M": (20_000_000, 25.0), "65M": (65_000_000, 70.0)}
    made = [measured(size, IN_ONE, s, events=events) for size, (events, s) in sizes.items()]
    (law,) = laws(Kept(tmp_path, made))
    assert law.slope == pytest.approx(1.0)
    assert law.exponent == pytest.approx(1.0)
    assert law.seconds(100_000_000) == pytest.approx(105.0)


def test_only_what_stands_between_its_markers_is_replaced(tmp_path):
    page = tmp_path / "README.md"
    page.write_text("before\n<!-- month: begin -->\nold\n<!-- month: end -->\nafter\n")
    write("month", "new", page)
    assert page.read_text() == ("before\n<!-- month: begin -->\nnew\n<!-- month: end -->\nafter\n")
    with pytest.raises(PageError, match="full: begin"):
        write("full", "new", page)
