"""An analyst holds the warehouse open: a run waits, tells, fails, and is made once they leave."""

import time
from datetime import timedelta

import dagster as dg
import duckdb
import pytest

from amazing_assets.defs.resources.stores import WarehouseResource
from amazing_assets.defs.resources.warehouse import WarehouseIOManager
from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.defs.homes import MONTH, Home, failure
from amazing_assets_tests.defs.triggers.test_again import SIX_MINUTES, Failures
from amazing_assets_tests.warehouse.sessions import held_open

OCT = "2019-10"


class Analysed(Failures):
    """A home in which October is made, but for its statistics."""

    def __init__(self, instance, folder, patience):
        super().__init__(instance)
        self.home = Home(folder)
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
        return [
            self.run(*(key.to_user_string() for key in request.asset_selection))
            for request in self.requests()
        ]


@pytest.fixture
def analysed(tmp_path, request):
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path / "dagster")) as instance:
        yield Analysed(instance, tmp_path / "home", request.param)


def warnings(analysed, run):
    """What stands in the log of a run on its page."""
    return [
        record.user_message
        for record in analysed.instance.all_logs(run.run_id)
        if record.level == 30
    ]


@pytest.mark.slow
@pytest.mark.parametrize("analysed", [7.0], indirect=True)
def test_statistics_beside_an_open_session_are_made_by_themselves_after_it(analysed):
    with held_open(analysed.home.warehouse, mode="reads") as process:
        held = analysed.run("event_statistics")
        again_beside_it = analysed.asked(timedelta(0))
    holder = f"{analysed.home.warehouse} is held by process {process} (python)"
    assert failure(held).startswith(f"The warehouse {holder}, which has not let go of it in 7 sec")
    (told,) = warnings(analysed, held)
    assert told.startswith(f"Waiting for the warehouse {analysed.home.warehouse}, which is held by")
    assert f"process {process} (python)" in told
    assert again_beside_it == set()
    analysed.age(SIX_MINUTES)
    (made,) = analysed.made_again()
    assert made.success
    assert analysed.home.figures("event_statistics") is not None
    assert analysed.asked() == set()


@pytest.mark.evaluate
@pytest.mark.parametrize("analysed", [60.0], indirect=True)
def test_a_session_of_ten_minutes_delays_statistics_and_no_more(analysed):
    began = time.monotonic()
    runs = []
    with held_open(analysed.home.warehouse, mode="reads", seconds=600):
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
