"""A home on a given day: what would be removed, and what is."""

import os
from datetime import UTC, date, datetime

import dagster as dg
import duckdb
import pytest

from amazing_assets.defs.resources.privacy import PrivacyResource
from amazing_assets.defs.resources.stores import LakeResource, ModelsResource
from amazing_assets.defs.triggers.removal import keepers, retention
from amazing_assets.lake.storage import LakeError
from amazing_assets.privacy.alone import ErasureError
from amazing_assets.privacy.erasure import ask
from amazing_assets.privacy.ledger import Kind, Ledger
from amazing_assets.privacy.retention.lives import Lives
from amazing_assets.privacy.retention.removal import amounts, outlived, remove
from amazing_assets_tests.defs.homes import SHARDS
from amazing_assets_tests.privacy.homes import MONTH, copy_of, key_of, stores_of, table
from amazing_assets_tests.privacy.planted import IDS, found_in

# October 2019 is over, and so is whatever the last line of the log is about.
DAY = date(2020, 11, 26)
LIVES = {"raw_events": 12, "scores": 12, "reports": 12, "logs": 12}


@pytest.fixture
def kept(built_home, tmp_path):
    """A home whose log is as old as its month."""
    folder = copy_of(built_home, tmp_path / "home")
    written = datetime(2019, 10, 31, tzinfo=UTC).timestamp()
    os.utime(folder / "logs" / "fault.txt", (written, written))
    return folder


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def everything(home, instance):
    return keepers(stores_of(home), [], instance)


def told(found):
    return {(each.what, each.key.rpartition("/")[2]) for each in found}


OVER = {
    ("raw_events", MONTH),
    ("rejected_events", MONTH),
    ("churn_scores", "2019-10-15"),
    ("reports", "pause.csv"),
    ("reports", "pause.parquet"),
    ("logs", "fault.txt"),
}


def test_a_dry_run_shows_what_the_real_one_removes_and_removes_nothing(kept, instance):
    lives, all_ = Lives(LIVES, DAY), everything(kept, instance)
    shown = outlived(all_, lives)
    assert told(shown) == OVER
    assert table(kept, "raw_events").height == amounts(shown)["raw_events"]
    assert not Ledger.of(kept).entries()
    assert remove(stores_of(kept), all_, lives) == shown
    assert outlived(all_, lives) == []


def test_what_is_over_leaves_no_byte_and_the_rest_stays(kept, instance):
    before = table(kept, "clean_events")
    remove(stores_of(kept), everything(kept, instance), Lives(LIVES, DAY))
    with pytest.raises(LakeError, match="raw_events"):
        table(kept, "raw_events")
    assert table(kept, "clean_events").equals(before)
    assert not list((kept / "lake" / ".store" / "raw_events" / ".versions").iterdir())
    assert not list((kept / "lake" / "raw_events").iterdir())
    assert not (kept / "reports" / "contact_lists" / "2019-10-22").exists()
    with duckdb.connect(str(kept / "warehouse.duckdb"), read_only=True) as warehouse:
        assert warehouse.execute("select count(*) from amazing.churn_scores").fetchall() == [(0,)]
    places = {each.split("/")[0].partition(":")[0] for each in found_in(kept, IDS, key_of(kept))}
    assert places == {"lake", "landing"}


def test_the_ledger_keeps_when_and_what_and_nobodys_name(kept, instance):
    remove(stores_of(kept), everything(kept, instance), Lives(LIVES, DAY))
    (entry,) = Ledger.of(kept).entries(Kind.RETENTION)
    assert entry.marks == ()
    assert entry.told["today"] == "2020-11-26"
    assert entry.told["months"] == LIVES
    assert entry.told["partitions"]["raw_events"] == [MONTH]
    assert entry.told["removed"]["churn_scores"] == len(IDS) + 24


def test_nothing_is_removed_while_a_customer_waits_for_an_answer(kept, instance):
    ask(stores_of(kept), IDS[:1], key_of(kept))
    with pytest.raises(ErasureError, match="request of a customer is open"):
        remove(stores_of(kept), everything(kept, instance), Lives(LIVES, DAY))
    assert table(kept, "raw_events").height


def test_everything_lives_for_ever_unless_it_is_said(kept, instance):
    assert outlived(everything(kept, instance), Lives({}, date(2099, 1, 1))) == []


def test_the_job_of_dagster_makes_a_pass(kept):
    resources = {
        "lake": LakeResource(root=str(kept / "lake"), shards=SHARDS),
        "privacy": PrivacyResource(
            home=str(kept),
            warehouse=str(kept / "warehouse.duckdb"),
            lists=str(kept / "reports" / "contact_lists"),
            requests=str(kept / "requests"),
            landing=str(kept / "landing"),
        ),
        "models": ModelsResource(
            tracking_uri=f"sqlite:///{kept / 'mlflow.db'}", artifacts=str(kept / "artifacts")
        ),
    }
    assert retention.execute_in_process(resources=resources).success
    (entry,) = Ledger.of(kept).entries(Kind.RETENTION)
    assert entry.told["removed"] == {}


@dg.asset(partitions_def=dg.StaticPartitionsDefinition(["a", "b"]))
def something() -> None:
    """Of two partitions."""


def test_a_run_goes_once_another_has_made_what_it_made(kept, tmp_path):
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as instance:
        runs = [
            dg.materialize([something], partition_key=key, instance=instance).run_id
            for key in ("a", "b", "a")
        ]
        lives = Lives({"runs": 12}, date(2199, 1, 1))
        found = outlived(everything(kept, instance), lives)
        assert [each.key for each in found] == runs[:1]
        remove(stores_of(kept), everything(kept, instance), lives)
        assert {run.run_id for run in instance.get_runs()} == set(runs[1:])
        assert instance.get_materialized_partitions(dg.AssetKey("something")) == {"a", "b"}
