from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dagster as dg
import pytest

from amazing_assets.defs.dagster_private import SqliteEventLogStorage
from amazing_assets.runs.event_log import QuickSqliteEventLogStorage
from amazing_assets.runs.instance import open_instance
from amazing_assets.settings import load_settings

CHECK = dg.AssetCheckSpec("is_there", asset="figures")


@dg.asset(check_specs=[CHECK])
def figures():
    yield dg.MaterializeResult(metadata={"rows": 3})
    yield dg.AssetCheckResult(passed=True)


def test_a_home_keeps_its_events_where_dagster_itself_finds_them(home: Path):
    with open_instance(load_settings()) as instance:
        assert type(instance.event_log_storage) is QuickSqliteEventLogStorage
        run = dg.materialize([figures], instance=instance).run_id
        told = [each.dagster_event_type for each in instance.all_logs(run)]
    own = SqliteEventLogStorage(str(home / "dagster" / "history" / "runs"))
    assert [each.dagster_event_type for each in own.get_logs_for_run(run)] == told
    event = own.get_latest_materialization_events([figures.key])[figures.key]
    assert event is not None
    assert event.asset_materialization.metadata["rows"].value == 3


def test_what_dagster_itself_wrote_is_read_and_gone_on_with(tmp_path: Path):
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        before = dg.materialize([figures], instance=instance).run_id
    quick = {
        "module": QuickSqliteEventLogStorage.__module__,
        "class": QuickSqliteEventLogStorage.__name__,
        "config": {"home": str(tmp_path)},
    }
    overrides = {"event_log_storage": quick}
    with dg.DagsterInstance.local_temp(str(tmp_path), overrides) as instance:
        after = dg.materialize([figures], instance=instance).run_id
        records = instance.fetch_materializations(figures.key, limit=5).records
        assert [record.run_id for record in records] == [after, before]


def test_two_that_begin_the_file_of_a_run_at_once_begin_one(tmp_path: Path):
    run = "0b7c2a60-0000-4000-8000-000000000000"
    logs = [QuickSqliteEventLogStorage(str(tmp_path)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda log: list(log.get_logs_for_run(run)), logs))
    assert found == [[]] * 4
    assert (tmp_path / f"{run}.db").exists()
    assert not list(tmp_path.glob("*.new"))
    assert not list(tmp_path.glob(f".{run}.*"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AMAZING_HOME", str(tmp_path))
    return tmp_path
