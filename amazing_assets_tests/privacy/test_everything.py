"""Fifty customers of a home in which everything was made: forgotten to the last byte."""

from functools import cache

import duckdb
import httpx
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets_tests.builders import KEY
from amazing_assets_tests.commands import amazing, environment, found
from amazing_assets_tests.delivery.serving.processes import Process
from amazing_assets_tests.privacy import fifty
from amazing_assets_tests.privacy.compared import cells, ordered
from amazing_assets_tests.privacy.homes import begun_like
from amazing_assets_tests.privacy.planted import places_of

# Everything of three months, three times.
pytestmark = pytest.mark.evaluate

OWN = {"AMAZING_SHARDS": "2"}


@cache
def sought():
    return fifty.sought(KEY)


def places(home):
    return places_of(home, *sought(), [home / "landing"])


def hand_out(home):
    """What people and programs ask of a home: audiences, views, answers, the service."""
    segment = segments(home)[0]
    found(amazing(home, "audience", segment, "--month", fifty.MONTHS[-1], "--json", **OWN))
    for form in ("csv", "parquet"):
        found(amazing(home, "view", "-d", "2019-12-15", "--format", form, "--json", **OWN))
    events = home / "events.csv"
    rows = fifty.events_of(home / "landing")
    events.write_bytes(b"\n".join([fifty.HEADER, *rows]) + b"\n")
    for form in ("csv", "json"):
        ran = amazing(home, "classify", events, "--out", home / f"answers.{form}", **OWN)
        assert ran.returncode == 0, ran.stderr
    serve(home, rows)
    events.unlink()


def segments(home):
    with duckdb.connect(str(home / "warehouse_copy.duckdb"), read_only=True) as warehouse:
        rows = warehouse.execute(
            "select distinct segment from amazing.segment_assignments where segment is not null "
            "order by all"
        ).fetchall()
    return [str(segment) for (segment,) in rows]


def serve(home, rows):
    process = Process(home)
    process.wait()
    csv = {"content-type": "text/csv"}
    body = b"\n".join([fifty.HEADER, *rows[:2_000]])
    answers = [process.client.post("/classify", content=body, headers=csv)]
    answers += [process.client.get(f"/customers/{each}") for each in fifty.FIFTY[:9]]
    assert answers[0].status_code == httpx.codes.OK
    (home / "logs").mkdir(exist_ok=True)
    (home / "logs" / "service.log").write_bytes(process.end())


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("everything") / "home"
    (folder / "landing").mkdir(parents=True)
    (folder / "pseudonym.key").write_text(KEY)
    fifty.deliver(folder / "landing")
    fifty.make_everything(environment(folder, **OWN))
    hand_out(folder)
    return folder


@pytest.fixture(scope="module")
def before(home):
    """Where they are found, once everything was made."""
    return places(home)


@pytest.fixture(scope="module")
def forgotten(home, before):
    """Where they are found afterwards, and what was taken out."""
    assert before
    (account,) = found(fifty.forget(environment(home, **OWN)))["Forgotten"]
    return places(home), account


@pytest.fixture(scope="module")
def made_again(home, forgotten, tmp_path_factory):
    """Where they are found once every file was read again, and a home that never knew them."""
    assert forgotten
    other = begun_like(home, tmp_path_factory.mktemp("suppressed"))
    # The same models are in use in both from here on.
    fifty.make_everything(environment(home, **OWN), retrain=False)
    found(fifty.forget(environment(other, **OWN)))
    fifty.make_everything(environment(other, **OWN), retrain=False)
    return places(home), other


def test_they_are_everywhere_before(before):
    inside = "\n".join(before)
    expected = [
        *(f"lake/.store/{table}/" for table in fifty.OF_THE_LAKE),
        "reports/contact_lists/audiences/",
        "reports/contact_lists/2019-12",
        "warehouse.duckdb: database",
        "warehouse_copy.duckdb: database",
        "views/main",
        "answers.csv",
        "answers.json",
    ]
    assert [each for each in expected if each not in inside] == []


def test_neither_id_nor_pseudonym_nor_visit_is_found_in_any_byte(forgotten):
    left, account = forgotten
    assert left == []
    assert account["customers"] == len(fifty.FIFTY)
    assert account["rows"].keys() >= {*fifty.OF_THE_LAKE, *fifty.OF_THE_WAREHOUSE}
    assert account["found afterwards"] == 0


def test_nor_once_every_file_was_read_again(made_again):
    assert made_again[0] == []


def test_to_build_and_forget_is_to_suppress_and_build(home, made_again):
    """Table by table, with the same models in use in both."""
    ours, theirs = (Lake(each / "lake", None, LocalEngine()) for each in (home, made_again[1]))
    made = cells(ours)
    assert {table for table, _ in made} >= {*fifty.OF_THE_LAKE}
    assert cells(theirs) == made
    for table, key in made:
        assert_frame_equal(
            ordered(ours.scan(table, key).collect()),
            ordered(theirs.scan(table, key).collect()),
            abs_tol=1e-9,
        )
    tables = [tables_of(each / "warehouse.duckdb") for each in (home, made_again[1])]
    assert tables[0].keys() >= {*fifty.OF_THE_WAREHOUSE}
    assert tables[1].keys() == tables[0].keys()
    for name, rows in tables[0].items():
        assert_frame_equal(rows, tables[1][name], abs_tol=1e-9)
    lists = [lists_of(each) for each in (home, made_again[1])]
    assert lists[0]
    assert lists[0] == lists[1]


def tables_of(file):
    with duckdb.connect(str(file), read_only=True) as warehouse:
        names = warehouse.execute("select table_name from duckdb_tables()").fetchall()
        frames = {name: warehouse.execute(f'from amazing."{name}"').pl() for (name,) in names}
    return {name: ordered(frame) for name, frame in frames.items()}


def lists_of(home):
    folder = home / "reports" / "contact_lists"
    return {
        str(file.relative_to(folder)): pl.read_csv(file).to_dicts()
        for file in sorted(folder.glob("2019-*/*.csv"))
    }
