"""A home that the commit before the house made is opened, carried over and gone on with."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import duckdb
import pytest

from amazing_assets_tests.commands import amazing, environment, found

ROOT = Path(__file__).parents[2]
EARLIER = "f85b943"
WORLD = ("--customers", "500", "--months", "2019-10:2019-12")
SETTINGS = {"AMAZING_PSEUDONYM_KEY": "", "AMAZING_SHARDS": "2"}


@pytest.fixture(scope="module")
def made_earlier(tmp_path_factory):
    """A home with a model and a report, made by the code of then; read-only."""
    folder = tmp_path_factory.mktemp("earlier")
    archive = folder / "code.tar"
    git = ["git", "-C", str(ROOT), "archive", "--output", str(archive), EARLIER]
    if subprocess.run(git, capture_output=True, check=False).returncode:
        pytest.skip(f"the history does not hold {EARLIER}; fetch it whole")
    with tarfile.open(archive) as packed:
        packed.extractall(folder / "code", filter="data")
    ran = subprocess.run(
        [sys.executable, "-m", "amazing_assets", "demo", *WORLD],
        cwd=folder / "code",
        env=environment(folder / "home", PYTHONPATH=str(folder / "code"), **SETTINGS),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return folder / "home"


@pytest.mark.evaluate
def test_a_home_of_the_commit_before_the_house_is_carried_over(made_earlier, tmp_path):
    home = tmp_path / "moved"
    shutil.copytree(made_earlier, home, symlinks=True)
    report = amazing(home, "report", **SETTINGS)
    assert report.returncode == 1
    assert report.stderr == (
        "amazing: The segments were profiled by an earlier version of the platform, whose table "
        "had other columns (name_status, name_traits); `amazing run` makes them again.\n"
    )
    back = amazing(home, "rollback", "1", **SETTINGS)
    moved, refused = back.stderr.splitlines()
    assert moved == (
        "The home was moved or copied: its models are read and written in "
        f"{(home / 'artifacts').as_uri()} from now on, no longer in "
        f"{(made_earlier / 'artifacts').as_uri()}."
    )
    assert refused == (
        "amazing: Version 1 of the segment model cannot be read by this version of the platform; "
        "materialize segment_model to train another."
    )
    outcome = found(amazing(home, "run", "--json", **SETTINGS))
    assert [month["month"] for month in outcome["Months"]] == ["2019-10", "2019-11", "2019-12"]
    (now, before) = found(amazing(home, "models", "--json", **SETTINGS))[
        "Versions of the segment model"
    ]
    assert (now["version"], before["version"]) == ("2", "1")
    assert "champion" in now["alias"]
    assert (home / "lake" / "fingerprint").exists()
    found(amazing(home, "report", "--language", "en", "--json", **SETTINGS))
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
        kept = warehouse.table("amazing.segment_assignments_earlier").fetchall()
    assert kept
    with duckdb.connect(str(made_earlier / "warehouse.duckdb"), read_only=True) as warehouse:
        all_of_them = warehouse.table("amazing.segment_assignments").fetchall()
    assert set(kept) <= set(all_of_them)
