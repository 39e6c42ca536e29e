import json
from datetime import datetime

import dagster as dg
import pytest

from amazing_assets.definitions import defs
from amazing_assets.defs.triggers.jobs import SUMMARIES
from amazing_assets.defs.triggers.provenance import INPUTS, inputs_of
from amazing_assets.defs.triggers.staleness import GRACE, stale_features
from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.defs.homes import MONTH, Home

LOADED = defs()
OCT, NOV, MAY, JUN = "2019-10", "2019-11", "2020-05", "2020-06"


class SafetyNet:
    """The sensor on an instance, with the cursor that Dagster would keep."""

    def __init__(self, instance):
        self.instance, self.cursor = instance, None

    def tick(self):
        context = dg.build_sensor_context(
            instance=self.instance,
            cursor=self.cursor,
            definitions=LOADED,
            sensor_name="stale_features",
        )
        result = stale_features.evaluate_tick(context)
        self.cursor = result.cursor
        return result

    def later(self):
        """Let the grace pass: what is stale was first seen before it."""
        since = json.loads(self.cursor)
        earlier = {s: (datetime.fromisoformat(at) - GRACE).isoformat() for s, at in since.items()}
        self.cursor = json.dumps(earlier)

    def overdue(self):
        self.tick()
        self.later()
        return [request.partition_key for request in self.tick().run_requests]

    def made(self, asset, month, **metadata):
        event = dg.AssetMaterialization(asset, partition=month, metadata=metadata)
        self.instance.report_runless_asset_event(event)

    def month_made(self, month):
        for summary in SUMMARIES:
            self.made(summary, month)

    def features_made(self, month):
        inputs = inputs_of(self.instance, month, SUMMARIES)
        self.made("user_features", month, **{INPUTS: inputs})


@pytest.fixture
def net(tmp_path):
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        yield SafetyNet(instance)


def test_the_net_is_spread_unless_somebody_stops_it():
    assert stale_features.default_status is dg.DefaultSensorStatus.RUNNING
    sensor = LOADED.get_repository_def().get_sensor_def("stale_features")
    job = LOADED.resolve_job_def(sensor.job_name)
    made = job.asset_layer.executable_asset_keys
    assert made == {dg.AssetKey("user_features")}


def test_nothing_is_stale_where_nothing_is(net):
    assert net.tick().skip_message == "nothing is stale"


def test_features_that_were_never_made_are_made_after_the_grace(net):
    net.month_made(OCT)
    first = net.tick()
    assert not first.run_requests
    assert first.skip_message == "automation goes first: 2019-10"
    assert not net.tick().run_requests
    net.later()
    (request,) = net.tick().run_requests
    assert request.partition_key == OCT


def test_features_of_the_inputs_of_today_are_left_alone(net):
    net.month_made(OCT)
    net.features_made(OCT)
    assert net.overdue() == []


def test_a_month_made_again_makes_every_month_stale_that_looks_back_on_it(net):
    for month in (OCT, NOV, MAY):
        net.month_made(month)
    for month in (OCT, NOV, MAY):
        net.features_made(month)
    net.month_made(OCT)
    # Seven months from 2019-10 end with 2020-04.
    assert net.overdue() == [OCT, NOV]


def test_summaries_made_while_features_were_made_count_as_news(net):
    net.month_made(OCT)
    read = inputs_of(net.instance, OCT, SUMMARIES)
    net.month_made(OCT)
    net.made("user_features", OCT, **{INPUTS: read})
    assert net.overdue() == [OCT]


def test_features_without_recorded_inputs_are_stale(net):
    net.month_made(OCT)
    net.made("user_features", OCT)
    assert net.overdue() == [OCT]


def test_a_month_without_all_its_summaries_is_not_asked_for(net):
    net.made("sessions", OCT)
    net.made("user_products", OCT)
    assert net.overdue() == []


def test_a_month_that_is_no_partition_holds_back_no_other(net):
    net.month_made("2018-01")
    net.month_made(OCT)
    assert net.overdue() == [OCT]


def test_a_state_keeps_its_key_and_another_state_has_another(net):
    net.month_made(OCT)
    net.overdue()
    (again,) = net.tick().run_requests
    (once_more,) = net.tick().run_requests
    assert once_more.run_key == again.run_key
    net.month_made(OCT)
    assert not net.tick().run_requests
    net.later()
    (other,) = net.tick().run_requests
    assert other.run_key != again.run_key


def test_the_net_waits_while_runs_are_under_way(net):
    net.month_made(OCT)
    net.tick()
    net.later()
    job = LOADED.resolve_job_def("month_job")
    run = net.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    known = net.cursor
    result = net.tick()
    assert result.skip_message.startswith("runs are under way")
    assert result.cursor == known
    net.instance.report_run_canceled(run)
    assert len(net.tick().run_requests) == 1


def test_features_made_for_real_record_what_they_were_made_of(tmp_path, net):
    home = Home(tmp_path / "home")
    landed(home.landing, line())
    run = dg.materialize(MONTH, partition_key=OCT, resources=home.resources, instance=net.instance)
    assert run.success
    (made,) = run.asset_materializations_for_node("user_features")
    inputs = inputs_of(net.instance, OCT, SUMMARIES)
    assert made.metadata[INPUTS].value == inputs
    assert set(inputs) == {f"{summary}/{OCT}" for summary in SUMMARIES}
    assert net.overdue() == []
