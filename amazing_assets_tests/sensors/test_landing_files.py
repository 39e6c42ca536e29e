import dataclasses
import os
import time
from datetime import UTC, datetime

import dagster as dg
import pytest

from amazing_assets.definitions import defs
from amazing_assets.defs.jobs import MONTHLY
from amazing_assets.defs.resources.stores import LandingResource
from amazing_assets.defs.sensors import landing_files
from amazing_assets.landing.arrivals import PARTS_SETTLE
from amazing_assets.landing.cursor import Cursor
from amazing_assets_tests.builders import landed, line

LOADED = defs()


class Sensor:
    """The sensor on a folder, with the cursor that Dagster would keep."""

    def __init__(self, folder, instance):
        self.folder, self.instance, self.cursor = folder, instance, None

    def tick(self):
        key_file = str(self.folder / "never.key")
        context = dg.build_sensor_context(
            instance=self.instance,
            cursor=self.cursor,
            definitions=LOADED,
            sensor_name="landing_files",
            resources={"landing": LandingResource(folder=str(self.folder), key_file=key_file)},
        )
        result = landing_files.evaluate_tick(context)
        self.cursor = result.cursor
        return result

    def later(self):
        """Let the settling time pass: what waits has waited since before it."""
        cursor = Cursor.from_json(self.cursor)
        long_ago = datetime.now(UTC) - PARTS_SETTLE
        waiting = {
            month: dataclasses.replace(waits, since=min(waits.since, long_ago))
            for month, waits in cursor.waiting.items()
        }
        self.cursor = dataclasses.replace(cursor, waiting=waiting).to_json()

    def settle(self):
        self.tick()
        self.later()
        return self.tick()


@pytest.fixture
def sensor(tmp_path):
    (tmp_path / "landing").mkdir()
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        yield Sensor(tmp_path / "landing", instance)


def months(result):
    return [request.partition_key for request in result.run_requests]


def test_the_job_makes_a_month_from_its_files_to_its_summaries():
    job = LOADED.resolve_job_def("month_job")
    made = {key.to_user_string() for key in job.asset_layer.executable_asset_keys}
    assert made == set(MONTHLY)
    assert job.partitions_def.has_partition_key("2019-10")


def test_the_sensor_runs_unless_somebody_stops_it():
    assert landing_files.default_status is dg.DefaultSensorStatus.RUNNING
    assert landing_files.job_name == "month_job"


def test_a_file_starts_its_month_once_it_has_settled(sensor):
    landed(sensor.folder, line())
    result = sensor.tick()
    assert not result.run_requests
    assert result.skip_message.startswith("2019-10: waiting until nothing changed for 3 min")
    sensor.later()
    (request,) = sensor.tick().run_requests
    assert request.partition_key == "2019-10"
    assert request.run_key.startswith("2019-10:")
    assert request.tags["landing/files"] == "2019-Oct.csv"
    assert sensor.settle().skip_message == "no month is new"


def test_a_half_written_file_waits_until_it_is_whole(sensor):
    file = landed(sensor.folder, line())
    sensor.tick()
    sensor.later()
    with file.open("a") as more:
        more.write(line() + "\n")
    assert not sensor.tick().run_requests
    sensor.later()
    assert months(sensor.tick()) == ["2019-10"]


def test_two_parts_start_their_month_once(sensor):
    landed(sensor.folder, line(), name="2019-Oct.part1.csv")
    sensor.tick()
    sensor.later()
    landed(sensor.folder, line(), name="2019-Oct.part2.csv")
    (request,) = sensor.settle().run_requests
    assert request.tags["landing/files"] == "2019-Oct.part1.csv, 2019-Oct.part2.csv"


def test_a_file_delivered_again_starts_its_month_again_even_if_it_is_as_long(sensor):
    file = landed(sensor.folder, line(price="35.79"))
    (first,) = sensor.settle().run_requests
    size = file.stat().st_size
    landed(sensor.folder, line(price="35.80"))
    assert file.stat().st_size == size
    (again,) = sensor.settle().run_requests
    assert again.partition_key == first.partition_key
    assert again.run_key != first.run_key


def test_a_file_put_back_with_its_old_time_starts_its_month_again(sensor):
    file = landed(sensor.folder, line())
    old = file.stat().st_mtime_ns
    (first,) = sensor.settle().run_requests
    landed(sensor.folder, line(), line())
    sensor.settle()
    landed(sensor.folder, line())
    os.utime(file, ns=(old, old))
    (back,) = sensor.settle().run_requests
    assert back.run_key != first.run_key


def test_an_odd_name_is_observed_once_and_named_in_the_reason(sensor):
    landed(sensor.folder, line(), name="2019-Oktober.csv")
    result = sensor.tick()
    (seen,) = result.asset_events
    assert seen.asset_key == dg.AssetKey("landing_zone")
    assert seen.metadata["names that say no month"].value == ["2019-Oktober.csv"]
    assert "2019-Oktober.csv" in result.skip_message
    assert not sensor.tick().asset_events


def test_an_unknown_month_holds_back_no_other(sensor):
    for name in ("2018-Jan.csv", "2190-Jan.csv", "2019-Nov.csv"):
        landed(sensor.folder, line(), name=name)
    first = sensor.tick()
    sensor.later()
    assert months(sensor.tick()) == ["2019-11"]
    (seen,) = first.asset_events
    assert seen.metadata["months that are not ours"].value == ["2018-Jan.csv", "2190-Jan.csv"]


def test_the_running_month_is_ours(sensor):
    landed(sensor.folder, line(), name=f"{datetime.now(UTC):%Y-%b}.csv")
    assert months(sensor.settle()) == [f"{datetime.now(UTC):%Y-%m}"]


def test_a_lost_cursor_requests_the_keys_that_dagster_has_seen(sensor):
    for name in ("2019-Oct.csv", "2019-Nov.csv"):
        landed(sensor.folder, line(), name=name)
    known = {request.run_key for request in sensor.settle().run_requests}
    sensor.cursor = None
    assert {request.run_key for request in sensor.settle().run_requests} == known


def test_a_missing_folder_is_a_sentence_and_what_was_known_stays_known(sensor):
    landed(sensor.folder, line())
    sensor.settle()
    known = sensor.cursor
    away = sensor.folder.rename(sensor.folder.with_name("away"))
    result = sensor.tick()
    assert result.skip_message == f"The landing folder {sensor.folder} does not exist; make it."
    assert result.cursor == known
    away.rename(sensor.folder)
    assert not sensor.settle().run_requests


def test_five_thousand_files_are_seen_within_a_second(sensor):
    for number in range(5_000):
        (sensor.folder / f"2019-Oct.part{number}.csv").touch()
    # Of the processor: seconds of the clock count what else the machine is doing.
    begin = time.process_time()
    sensor.tick()
    assert time.process_time() - begin < 1
    sensor.later()
    (request,) = sensor.tick().run_requests
    assert len(request.tags["landing/files"]) <= 250
