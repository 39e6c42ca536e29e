"""The production instance on a real PostgreSQL; what is on AWS is built, and never asked."""

import shutil
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.instance.config import dagster_instance_config

from amazing_assets.defs.triggers.jobs import SUMMARIES
from amazing_assets.defs.triggers.provenance import inputs_of

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture
def production(postgres, tmp_path, monkeypatch):
    monkeypatch.setenv("AMAZING_DAGSTER_POSTGRES", f"postgresql+psycopg2://{postgres.place}")
    monkeypatch.setenv("AMAZING_LOG_BUCKET", "logs")
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    shutil.copy(REPOSITORY / "deploy" / "dagster.yaml", tmp_path)
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        yield instance


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_production_keeps_runs_and_events_in_postgres(production):
    for summary in SUMMARIES:
        event = dg.AssetMaterialization(summary, partition="2019-10")
        production.report_runless_asset_event(event)
    assert len(inputs_of(production, "2019-10", SUMMARIES)) == len(SUMMARIES)
    run = production.create_run_for_job(
        dg.define_asset_job("a_job").resolve(
            asset_graph=dg.Definitions(assets=[an_asset]).resolve_asset_graph()
        )
    )
    assert production.get_run_by_id(run.run_id).job_name == "a_job"
    aws = (production.run_launcher, production.compute_log_manager)
    assert [type(part).__name__ for part in aws] == ["EcsRunLauncher", "S3ComputeLogManager"]


@dg.asset
def an_asset():
    pass


@pytest.mark.parametrize(
    "file", ["dagster.yaml", "deploy/dagster.yaml", "deploy/compose.dagster.yaml"]
)
def test_an_instance_is_quiet_and_frees_what_dead_runs_held(file, tmp_path, monkeypatch):
    for name in ("AMAZING_DAGSTER_POSTGRES", "AMAZING_LOG_BUCKET", "AWS_REGION"):
        monkeypatch.setenv(name, "set")
    shutil.copy(REPOSITORY / file, tmp_path / "dagster.yaml")
    configured, _ = dagster_instance_config(str(tmp_path))
    assert configured["telemetry"] == configured["nux"] == {"enabled": False}
    assert configured["run_monitoring"]["free_slots_after_run_end_seconds"] > 0
    # A run takes seconds to start, during which the next one need not wait.
    assert configured["run_queue"]["dequeue_use_threads"] is True
    limits = configured["concurrency"]["runs"]["tag_concurrency_limits"]
    assert {
        "key": "dagster/partition",
        "limit": 1,
        "value": {"applyLimitPerUniqueValue": True},
    } in (limits)
    assert set(configured["retention"]) == {"schedule", "sensor", "auto_materialize"}


def test_a_word_that_dagster_does_not_know_is_refused(tmp_path):
    known = yaml.safe_load((REPOSITORY / "dagster.yaml").read_text())
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(known | {"run_queues": {}}))
    with pytest.raises(dg.DagsterInvalidConfigError, match="run_queues"):
        dagster_instance_config(str(tmp_path))
