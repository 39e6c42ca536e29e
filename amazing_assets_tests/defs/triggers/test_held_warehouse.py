"""An analyst holds the warehouse open: a run waits, tells, fails, and is made once they leave."""

import time

import dagster as dg
import duckdb
import pytest

from amazing_assets.defs.resources.stores import WarehouseResource
from amazing_assets.defs.resources.warehouse import WarehouseIOManager
from amazing_assets.defs.triggers.again import failed_followers
from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.defs.homes import MONTH, Home, failure
from amazing_assets_tests.defs.triggers.ticks import LOADED
from amazing_assets_tests.warehouse.sessions import held_open

OCT = "2019-10"


class Analysed:
    """A home in which October is made, but for its statistics."""

    def __init__(self, instance, folder, patience):
        self.instance, self.home = instance, Home(folder)
        landed(self.home.landing, line())
        file = str(self.home.warehouse)
        self.resources = self.home.resources | {
            "warehouse_file": WarehouseResource(database=file, patience=patience),
            "warehouse": WarehouseIOManager(database=file, schema="amazing", patience=patience),
        }
        duckdb.connect(file).close()
        assert self.run("raw_events", "rejected_events", "clean_events").success

    def run(self, *assets):
        return dg.materialize(
            MONTH,
            selection=list(assets),
            partition_key=OCT,
            resources=self.resources,
            instance=self.instance,
            raise_on_error=False,
        )

    def made_again(self):
        """Run what the sensor asks for, as the daemon would."""
        context = dg.build_sensor_context(
            instance=self.instance, definitions=LOADED, sensor_name="failed_followers"
        )
        return [
            self.run(*(key.to_user_string() for key in request.asset_selection))
            for request in failed_followers.evaluate_tick(context).run_requests
        ]


@pytest.fixture
def analysed(tmp_path, request):
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path / "dagster")) as instance:
        yield Analysed(instance, tmp_path / "home", request.param)


@pytest.mark.evaluate
@pytest.mark.parametrize("analysed", [60.0], indirect=True)
def test_a_session_of_ten_minutes_delays_statistics_and_no_more(analysed):
    began = time.monotonic()
    runs = []
    with held_open(analysed.home.warehouse, seconds=600, read_only=True):
        runs.append(analysed.run("event_statistics"))
        while time.monotonic() - began < 600:
            time.sleep(10)
            runs.extend(analysed.made_again())
    assert [run.success for run in runs] == [False, False]
    assert all("is held by process" in failure(run) for run in runs)
    while not runs[-1].success and time.monotonic() - began < 2400:
        time.sleep(10)
        runs.extend(analysed.made_again())
    assert [run.success for run in runs] == [False, False, True]
