import dagster as dg
import pytest

from amazing_assets.defs.triggers.drift import segments_drift

OCT, NOV = "2019-10", "2019-11"


@pytest.fixture
def instance(tmp_path):
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        yield instance


def made(instance, asset, month, **metadata):
    event = dg.AssetMaterialization(asset, partition=month, metadata=metadata)
    instance.report_runless_asset_event(event)


def drifted(instance, month, level, version="4"):
    made(instance, "user_features", month)
    made(instance, "segment_drift", month, level=level, model_version=version)


def tick(instance):
    """Return the run keys requested, or why none is."""
    result = segments_drift(dg.build_sensor_context(instance=instance))
    if isinstance(result, dg.SkipReason):
        return result.skip_message
    return [request.run_key for request in result.run_requests]


QUIET = "the newest month does not ask for a new fit"


@pytest.mark.parametrize(
    ("level", "wanted"), [("ok", QUIET), ("warn", QUIET), ("refit", ["drift:4"])]
)
def test_only_a_month_that_asks_for_a_refit_trains(instance, level, wanted):
    assert tick(instance) == QUIET
    drifted(instance, OCT, level)
    assert tick(instance) == wanted


def test_months_that_drifted_train_once_for_each_champion(instance):
    drifted(instance, OCT, "refit")
    drifted(instance, NOV, "refit")
    # Dagster starts a run key once.
    assert tick(instance) == ["drift:4"]
    drifted(instance, NOV, "refit", version="5")
    assert tick(instance) == ["drift:5"]


def test_what_the_past_was_like_asks_for_nothing(instance):
    drifted(instance, NOV, "ok")
    drifted(instance, OCT, "refit")
    assert tick(instance) == QUIET


def test_a_month_not_yet_compared_asks_for_nothing(instance):
    drifted(instance, OCT, "refit")
    made(instance, "user_features", NOV)
    assert tick(instance) == QUIET


def test_it_waits_for_runs_under_way(instance):
    drifted(instance, OCT, "refit")
    instance.add_run(dg.DagsterRun(job_name="__ASSET_JOB", status=dg.DagsterRunStatus.STARTED))
    assert tick(instance) == "runs are under way, which may bring a newer month"
