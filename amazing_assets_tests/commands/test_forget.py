"""`amazing forget` through the real command: gone for good, and as if they had never come."""

import json
import shutil
import stat
import subprocess

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets_tests.builders import KEY
from amazing_assets_tests.commands import amazing, command, environment, found
from amazing_assets_tests.privacy.planted import IDS, deliver, deliver_contacts, found_in

# Whole runs of two months, six times; a month of it is tried by `amazing_assets_tests/privacy`.
pytestmark = pytest.mark.evaluate

SELECT = "+key:user_features or key:event_statistics or key:contacts or key:action_sequences"
TABLES = (
    "raw_events",
    "rejected_events",
    "clean_events",
    "sessions",
    "user_products",
    "price_book",
    "contacts",
    "action_sequences",
    "user_features",
)
MONTHS = ("2019-10", "2019-11")
OWN = {"AMAZING_SHARDS": "3"}


def run(home, *arguments):
    ran = amazing(home, "run", *arguments, "--select", SELECT, **OWN)
    assert ran.returncode == 0, ran.stderr


def forget(home, *ids):
    """By standard input: no list of processes shows who it is."""
    return subprocess.run(
        command("forget", "--file", "-", "--json"),
        env=environment(home, **OWN),
        input="".join(f"{each}\n" for each in ids),
        capture_output=True,
        text=True,
        check=False,
    )


def world(folder):
    folder.mkdir()
    (folder / "landing").mkdir()
    for month in MONTHS:
        deliver(folder / "landing", month)
        deliver_contacts(folder / "landing", month)
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    home = world(tmp_path_factory.mktemp("built") / "home")
    run(home)
    return home


@pytest.fixture(scope="module")
def forgotten(built, tmp_path_factory):
    """A copy of the home in which the first two of three asked."""
    home = tmp_path_factory.mktemp("forgotten") / "home"
    shutil.copytree(built, home, symlinks=True)
    return home, found(forget(home, *IDS[:2]))


@pytest.fixture(scope="module")
def made_again(forgotten):
    run(forgotten[0], "--new")
    return forgotten[0]


def rows(home, table, month):
    frame = Lake(home / "lake", 3, LocalEngine()).scan(table, month).collect()
    return frame.sort(pl.all().exclude(pl.List(pl.Int64), pl.List(pl.Int16), pl.List(pl.Int32)))


def statistics(home):
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
        return warehouse.execute("from amazing.event_statistics order by all").pl()


def test_everybody_is_found_before_they_are_forgotten(built):
    places = found_in(built, IDS[:2], KEY, built / "landing")
    assert any(place.startswith("lake/.store/raw_events") for place in places)


def test_the_account_says_what_went_and_names_nobody(forgotten):
    (account,) = forgotten[1]["Forgotten"]
    assert account["customers"] == 2
    assert account["rows"]["raw_events"] == 2 * 2 * 6
    assert account["rows"]["contacts"] == 4
    assert account["rows"]["user_features"] == 4
    assert account["found afterwards"] == 0
    ledger = (forgotten[0] / "privacy" / "ledger.jsonl").read_text()
    assert [json.loads(each)["state"] for each in ledger.splitlines()] == ["asked", "done"]


def test_nothing_names_them_outside_the_landing_zone_nor_when_files_are_read_again(made_again):
    but = made_again / "landing"
    assert found_in(made_again, IDS[:2], KEY, but) == []
    assert found_in(made_again, IDS[2:], KEY, but)
    run(made_again)
    assert found_in(made_again, IDS[:2], KEY, but) == []


def test_to_build_and_forget_is_to_suppress_and_build(made_again, tmp_path):
    home = world(tmp_path / "home")
    (home / "requests").mkdir()
    (home / "requests" / "before.txt").write_text("\n".join(map(str, IDS[:2])))
    assert found(amazing(home, "forget", "--json", **OWN))["Forgotten"][0]["rows"] == {}
    assert not list((home / "requests").iterdir())
    run(home)
    for table in TABLES:
        for month in MONTHS:
            assert_frame_equal(rows(made_again, table, month), rows(home, table, month))
    assert_frame_equal(statistics(made_again), statistics(home))


def test_a_customer_is_told_what_is_held_and_objects(built, tmp_path):
    home, out = tmp_path / "home", tmp_path / "out"
    shutil.copytree(built, home, symlinks=True)
    ran = amazing(home, "export", IDS[2], "--out", home / "out", **OWN)
    assert ran.returncode == 2
    assert "lies in the home, where the files would outlive the customer" in ran.stderr
    ran = amazing(home, "export", IDS[2], "--out", out, "--language", "en", **OWN)
    assert ran.returncode == 0, ran.stderr
    assert {stat.S_IMODE(file.stat().st_mode) for file in out.iterdir()} == {0o600}
    held = json.loads((out / "held.json").read_text())["held"]
    events = [row for each in held if each["table"] == "raw_events" for row in each["rows"]]
    assert len(events) == 2 * 6
    assert {tuple(each["came_from"]) for each in held if each["table"] == "clean_events"} == {
        ("raw_events",)
    }
    assert "You may object at any time" in (out / "held.html").read_text()
    (done,) = found(amazing(home, "object", IDS[2], "--json", **OWN))["Objected"]
    assert done["rows"] == {"action_sequences": 2, "user_features": 2}
    taken_back = amazing(home, "object", IDS[2], "--withdraw", **OWN)
    assert "Profiles are made again" in taken_back.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Name at least one customer id, such as `amazing forget 541312140`"),
        (("--file", "nowhere.txt"), "nowhere.txt cannot be read (No such file or directory)"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(tmp_path, arguments, sentence):
    ran = amazing(tmp_path, "forget", *arguments)
    assert ran.returncode in {1, 2}
    assert sentence in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_a_line_that_is_no_id_is_named_by_its_number_and_not_repeated(tmp_path):
    ran = forget(tmp_path, 7, "secret")
    assert ran.returncode == 2
    assert ran.stderr == (
        "amazing: Line 2 of standard input is no customer id; give the shop's own ids, whole "
        "numbers of at most 19 digits, one a line.\n"
    )
