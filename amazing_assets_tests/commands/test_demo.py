from datetime import date

import pytest

from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.lock import hold_at_once
from amazing_assets.lake.table import Lake
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.commands import amazing, found


def test_a_demo_never_overwrites_files_that_are_not_its_own(tmp_path):
    landed(tmp_path / "demo" / "landing", line())
    ran = amazing(tmp_path, "demo")
    assert ran.returncode == 1
    assert "holds event files that were not generated, such as 2019-Oct.csv" in ran.stderr
    assert not (tmp_path / "demo" / "lake").exists()


@pytest.mark.slow
@pytest.mark.evaluate
def test_a_demo_finds_the_personas_that_were_planted_and_leaves_the_home_alone(tmp_path):
    landed(tmp_path / "landing", line())
    world = ("--customers", "3000", "--months", "2019-10:2019-11", "--difficulty", "easy")
    ran = amazing(tmp_path, "demo", *world, "--json", AMAZING_SHARDS="4")
    outcome = found(ran)
    assert [month["month"] for month in outcome["Months"]] == ["2019-10", "2019-11"]
    ours, baseline = outcome["Agreement with the planted truth"]
    # Measured: .976 against .175, although a persona of 3.5 % is too small a segment here.
    assert ours["adjusted_rand_index"] >= 0.90
    assert ours["adjusted_rand_index"] > baseline["adjusted_rand_index"] + 0.25
    assert {file.name for file in tmp_path.iterdir()} == {"landing", "demo"}
    assert [file.name for file in (tmp_path / "landing").iterdir()] == ["2019-Oct.csv"]


@pytest.mark.evaluate
def test_a_demo_gives_way_to_the_next_one(tmp_path):
    first = ("--customers", "300", "--months", "2019-10:2019-11")
    found(amazing(tmp_path, "demo", *first, "--json", AMAZING_SHARDS="2"))
    second = ("--customers", "200", "--months", "2019-10", "--seed", "8")
    outside = {"AMAZING_LANDING": "s3://elsewhere", "AMAZING_LAKE": str(tmp_path / "elsewhere")}
    ran = amazing(tmp_path, "demo", *second, AMAZING_SHARDS="2", **outside)
    assert ran.returncode == 0, ran.stderr
    assert "python -m amazing_assets dev --demo opens the web UI" in ran.stdout
    assert f"Lake {tmp_path}/demo/lake" in ran.stdout
    landing = tmp_path / "demo" / "landing"
    assert {file.name for file in landing.iterdir()} == {"2019-Oct.csv.gz", "truth"}
    assert not (tmp_path / "elsewhere").exists()
    # Nothing is left of the other world that a table could be made of.
    lake = Lake(tmp_path / "demo" / "lake", 2, LocalEngine())
    assert lake.months("user_features") == ("2019-10",)
    warehouse = DuckDBWarehouse(tmp_path / "demo" / "warehouse.duckdb")
    months = warehouse.read_table("segment_assignments")["month"].unique().to_list()
    assert months == [date(2019, 10, 1)]


def test_a_demo_never_runs_in_a_home_of_real_customers(tmp_path):
    home = tmp_path / "demo"
    landed(home / "landing", line())
    found(amazing(home, "run", "--months", "2019-10", "--select", "key:raw_events", "--json"))
    (home / "landing" / "2019-Oct.csv").unlink()
    ran = amazing(tmp_path, "demo", AMAZING_PSEUDONYM_KEY="")
    assert ran.returncode == 1
    assert ran.stderr == (
        f"amazing: The home {home} holds real customers; give the generated ones a folder outside "
        "of it.\n"
    )
    assert not list((home / "landing").iterdir())


def test_a_second_demo_waits_for_the_end_of_the_first(tmp_path):
    home = tmp_path / "demo"
    home.mkdir()
    with hold_at_once(home / "demo.lock"):
        ran = amazing(tmp_path, "demo")
    assert ran.returncode == 1
    assert f"Another process runs the demo in {home}; wait until it has ended." in ran.stderr
    assert not (home / "landing").exists()
