import dataclasses
import os
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from amazing_assets.definitions import defs
from amazing_assets.defs.assets import events
from amazing_assets.defs.assets.landing import every_file_name_says_a_month
from amazing_assets.defs.resources.alerts import AlertsResource
from amazing_assets.defs.triggers.jobs import MONTHLY
from amazing_assets.defs.triggers.landing import landing_files
from amazing_assets.defs.triggers.provenance import FILES_SIGNATURE, made_of_files
from amazing_assets.landing.arrivals import PARTS_SETTLE, signature_of
from amazing_assets.landing.cursor import Cursor
from amazing_assets.landing.names import file_name
from amazing_assets_tests.builders import line
from amazing_assets_tests.defs.homes import MONTH, Home
from amazing_assets_tests.places import BucketPlace

LOADED = defs()
WRONG = "nobody-s-key"


class Sensor:
    """The sensor on a place, with the cursor that Dagster would keep."""

    def __init__(self, place, instance):
        self.place, self.instance, self.cursor = place, instance, None

    def tick(self):
        context = dg.build_sensor_context(
            instance=self.instance,
            cursor=self.cursor,
            definitions=LOADED,
            sensor_name="landing_files",
            resources={
                "landing": self.place.resource(),
                "alerts": AlertsResource(web_ui="https://dagster.example.com"),
            },
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
def sensor(place, tmp_path):
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        yield Sensor(place, instance)


def months(result):
    return [request.partition_key for request in result.run_requests]


def quickest(act):
    """What something costs, in seconds; not what else this machine does at the time."""
    seconds = []
    while len(seconds) < 7 and min(seconds, default=1) >= 1:
        begin = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def test_the_job_makes_a_month_from_its_files_to_its_summaries():
    job = LOADED.resolve_job_def("month_job")
    made = {key.to_user_string() for key in job.asset_layer.executable_asset_keys}
    assert made == set(MONTHLY)
    assert job.partitions_def.has_partition_key("2019-10")


def test_the_sensor_runs_unless_somebody_stops_it():
    assert landing_files.default_status is dg.DefaultSensorStatus.RUNNING
    assert landing_files.job_name == "month_job"


def test_a_file_starts_its_month_once_it_has_settled(sensor):
    sensor.place.deliver(line())
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
    sensor.place.deliver(line())
    sensor.tick()
    sensor.later()
    sensor.place.deliver(line(), line())
    assert not sensor.tick().run_requests
    sensor.later()
    assert months(sensor.tick()) == ["2019-10"]


def test_two_parts_start_their_month_once(sensor):
    sensor.place.deliver(line(), name="2019-Oct.part1.csv")
    sensor.tick()
    sensor.later()
    sensor.place.deliver(line(), name="2019-Oct.part2.csv")
    (request,) = sensor.settle().run_requests
    assert request.tags["landing/files"] == "2019-Oct.part1.csv, 2019-Oct.part2.csv"


def test_a_file_delivered_again_starts_its_month_again_even_if_it_is_as_long(sensor):
    sensor.place.deliver(line(price="35.79"))
    (first,) = sensor.settle().run_requests
    (before,) = sensor.place.zone().files()
    sensor.place.deliver(line(price="35.80"))
    (after,) = sensor.place.zone().files()
    assert after.bytes == before.bytes
    (again,) = sensor.settle().run_requests
    assert again.partition_key == first.partition_key
    assert again.run_key != first.run_key


def test_the_content_before_put_back_starts_its_month_again(sensor):
    keys = []
    for lines in ([line()], [line(), line()], [line()]):
        sensor.place.deliver(*lines)
        keys += [request.run_key for request in sensor.settle().run_requests]
    assert len(set(keys)) == 3


@pytest.mark.parametrize("place", ["folder"], indirect=True)
def test_a_file_put_back_with_its_old_time_starts_its_month_again(sensor):
    sensor.place.deliver(line())
    file = Path(sensor.place.root, "2019-Oct.csv")
    old = file.stat().st_mtime_ns
    (first,) = sensor.settle().run_requests
    sensor.place.deliver(line(), line())
    sensor.settle()
    sensor.place.deliver(line())
    os.utime(file, ns=(old, old))
    (back,) = sensor.settle().run_requests
    assert back.run_key != first.run_key


def test_an_odd_name_is_observed_once_and_named_in_the_reason(sensor):
    sensor.place.deliver(line(), name="2019-Oktober.csv")
    result = sensor.tick()
    seen, _ = result.asset_events
    assert seen.asset_key == dg.AssetKey("landing_zone")
    assert seen.metadata["names that say no month"].value == ["2019-Oktober.csv"]
    assert "2019-Oktober.csv" in result.skip_message
    assert not sensor.tick().asset_events


@pytest.mark.parametrize("place", ["folder"], indirect=True)
def test_the_check_of_the_names_warns_of_a_misnamed_file_until_it_is_renamed(sensor):
    sensor.place.deliver(line(), name="2019-Oktober.csv")
    _, checked = sensor.tick().asset_events
    assert (checked.passed, checked.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert checked.description == (
        "Not read: 2019-Oktober.csv (the name says no month); rename them like 2019-Oct.csv.gz, or "
        "remove them."
    )
    Path(sensor.place.root, "2019-Oktober.csv").rename(Path(sensor.place.root, "2019-Oct.csv"))
    (checked,) = sensor.tick().asset_events
    assert (checked.passed, checked.description) == (True, None)
    assert not sensor.tick().asset_events


def test_a_misnamed_file_is_told_once_to_whom_alerts_reach(sensor, webhook):
    sensor.place.deliver(line(), name="2019-Oktober.csv")
    sensor.tick()
    sensor.tick()
    (message,) = webhook.messages
    assert message["text"] == (
        "Not read: 2019-Oktober.csv (the name says no month); rename them like 2019-Oct.csv.gz, or "
        "remove them. https://dagster.example.com/assets/landing_zone"
    )


def test_a_person_may_ask_for_the_check_of_the_names(place):
    for name in ("2019-Oct.csv", "2018-Jan.csv"):
        place.deliver(line(), name=name)
    result: Any = every_file_name_says_a_month(landing=place.resource())
    assert not result.passed
    assert "2018-Jan.csv (the month is not one of ours)" in result.description


def test_a_name_is_shown_and_never_obeyed(sensor):
    sensor.place.deliver(line(), name="2019-\u202eOct.csv")
    result = sensor.tick()
    seen, _ = result.asset_events
    assert seen.metadata["names that say no month"].value == [r"2019-\u202eOct.csv"]
    assert r"2019-\u202eOct.csv" in result.skip_message


def test_an_unknown_month_holds_back_no_other(sensor):
    for name in ("2018-Jan.csv", "2190-Jan.csv", "2019-Nov.csv"):
        sensor.place.deliver(line(), name=name)
    first = sensor.tick()
    sensor.later()
    assert months(sensor.tick()) == ["2019-11"]
    seen, _ = first.asset_events
    assert seen.metadata["months that are not ours"].value == ["2018-Jan.csv", "2190-Jan.csv"]


def test_the_running_month_is_ours(sensor):
    sensor.place.deliver(line(), name=f"{datetime.now(UTC):%Y-%b}.csv")
    assert months(sensor.settle()) == [f"{datetime.now(UTC):%Y-%m}"]


def test_a_lost_cursor_requests_the_keys_that_dagster_has_seen(sensor):
    for name in ("2019-Oct.csv", "2019-Nov.csv"):
        sensor.place.deliver(line(), name=name)
    known = {request.run_key for request in sensor.settle().run_requests}
    sensor.cursor = None
    assert {request.run_key for request in sensor.settle().run_requests} == known


@contextmanager
def out_of_reach(place, monkeypatch):
    """Take the folder away, or the right to look into the bucket."""
    with monkeypatch.context() as patch:
        if isinstance(place, BucketPlace):
            patch.setenv("AWS_SECRET_ACCESS_KEY", WRONG)
            yield f"{place.root} is refused (SignatureDoesNotMatch); set AWS_ACCESS_KEY_ID"
        else:
            away = Path(place.root).rename(f"{place.root} away")
            yield f"No event file has landed in {place.root}, for the folder does not exist; make"
            away.rename(place.root)


def test_a_place_out_of_reach_is_a_sentence_and_what_was_known_stays_known(sensor, monkeypatch):
    sensor.place.deliver(line())
    sensor.settle()
    known = sensor.cursor
    with out_of_reach(sensor.place, monkeypatch) as sentence:
        result = sensor.tick()
    assert result.skip_message.startswith(sentence)
    assert WRONG not in result.skip_message
    assert result.cursor == known
    assert not sensor.settle().run_requests


def made(instance, asset, month, **metadata):
    event = dg.AssetMaterialization(asset, partition=month, metadata=metadata)
    instance.report_runless_asset_event(event)


def made_by_hand(sensor, month="2019-10"):
    """What a run by hand records: the files it read, and everything made of them."""
    files = {file.name: file.version for file in sensor.place.zone().files_of(month)}
    for asset in MONTHLY:
        made(sensor.instance, asset, month, **{FILES_SIGNATURE: signature_of(files)})


def test_a_month_that_was_made_by_hand_is_not_made_again(sensor):
    for name in ("2019-Oct.csv", "2019-Nov.csv"):
        sensor.place.deliver(line(), name=name)
    made_by_hand(sensor)
    assert months(sensor.settle()) == ["2019-11"]
    assert sensor.settle().skip_message == "no month is new"


def test_a_month_that_was_made_for_real_is_not_made_again(sensor, tmp_path):
    home = Home(tmp_path / "home", sensor.place.root)
    sensor.place.deliver(line())
    for assets in (MONTH, [events.landed_events]):
        run = dg.materialize(
            assets, partition_key="2019-10", resources=home.resources, instance=sensor.instance
        )
        assert run.success
        sensor.cursor = None
        # Read again alone, its summaries are older than the events they should be made of.
        assert months(sensor.settle()) == ([] if assets is MONTH else ["2019-10"])


def test_a_file_corrected_after_a_run_by_hand_is_a_run(sensor):
    sensor.place.deliver(line())
    made_by_hand(sensor)
    sensor.place.deliver(line(), line())
    assert months(sensor.settle()) == ["2019-10"]


def test_a_part_that_comes_after_a_run_by_hand_is_a_run(sensor):
    sensor.place.deliver(line())
    made_by_hand(sensor)
    sensor.place.deliver(line(), name="2019-Oct.part2.csv")
    assert months(sensor.settle()) == ["2019-10"]


def test_a_file_put_back_after_its_correction_was_made_is_a_run(sensor):
    sensor.place.deliver(line())
    sensor.settle()
    made_by_hand(sensor)
    sensor.place.deliver(line(), line())
    sensor.settle()
    made_by_hand(sensor)
    sensor.place.deliver(line())
    assert months(sensor.settle()) == ["2019-10"]


@pytest.mark.parametrize("asset", MONTHLY)
def test_a_run_by_hand_that_ended_early_is_made_up_for(tmp_path, asset):
    signature = "of these files"
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        for other in MONTHLY:
            if other != asset:
                made(instance, other, "2019-10", **{FILES_SIGNATURE: signature})
        assert not made_of_files(instance, MONTHLY)("2019-10", signature)
        for other in MONTHLY:
            made(instance, other, "2019-10", **{FILES_SIGNATURE: signature})
        is_made = made_of_files(instance, MONTHLY)
        assert is_made("2019-10", signature)
        assert not is_made("2019-10", "of others")
        assert not is_made("2019-11", signature)


@pytest.mark.slow
@pytest.mark.parametrize("place", ["folder"], indirect=True)
def test_a_lost_cursor_costs_a_second_for_years_of_months(sensor):
    years = [f"{year}-{month:02d}" for year in range(2020, 2026) for month in range(1, 13)]
    sensor.place.fill(file_name(month) for month in years)
    for month in years:
        made_by_hand(sensor, month)
    sensor.tick()
    sensor.later()
    lost = sensor.cursor

    def tick():
        sensor.cursor = lost
        assert sensor.tick().skip_message == "no month is new"

    assert quickest(tick) < 1


def test_a_place_where_nothing_has_landed_is_named(sensor):
    assert sensor.tick().skip_message == f"nothing has landed in {sensor.place.root}"


def test_days_of_downtime_lose_no_month_and_no_correction(sensor):
    sensor.place.deliver(line())
    (first,) = sensor.settle().run_requests
    sensor.place.deliver(line(), line())
    sensor.place.deliver(line(), name="2019-Nov.csv")
    requests = {request.partition_key: request for request in sensor.settle().run_requests}
    assert list(requests) == ["2019-10", "2019-11"]
    assert requests["2019-10"].run_key != first.run_key


@pytest.mark.slow
def test_five_thousand_files_are_seen_within_a_second(sensor):
    sensor.place.fill(f"2019-Oct.part{number}.csv" for number in range(5_000))
    assert len(sensor.place.zone().files()) == 5_000
    assert quickest(sensor.tick) < 1
    sensor.later()
    (request,) = sensor.tick().run_requests
    assert len(request.tags["landing/files"]) <= 250
