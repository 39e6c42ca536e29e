"""Dagster's daemon for real, driven by files that land alone: one story, told in order."""

import os
import signal
from collections import Counter
from uuid import uuid4

import dagster as dg
import pytest

from amazing_assets.dates import first_day
from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets_tests.daemon.platform import Platform, eventually, process_of
from amazing_assets_tests.daemon.scratch import assert_same, from_scratch
from amazing_assets_tests.places import BucketPlace, FolderPlace, leading_to

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end]

OCT, NOV, DEC, JAN = MONTHS = ("2019-10", "2019-11", "2019-12", "2020-01")
FEW = 150

SET_CURSOR = """
mutation ($sensor: SensorSelector!, $cursor: String) {
  setSensorCursor(sensorSelector: $sensor, cursor: $cursor) { __typename }
}
"""
LAUNCH_RUN = """
mutation ($params: ExecutionParams!) {
  launchPipelineExecution(executionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
  }
}
"""
TERMINATE = """
mutation ($run: String!) { terminateRun(runId: $run) { __typename } }
"""
LANDING_FILES = {
    "sensorName": "landing_files",
    "repositoryName": "__repository__",
    "repositoryLocationName": "amazing_assets",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Four months of a few customers, two files a month."""
    folder = tmp_path_factory.mktemp("world")
    days = tuple(first_day(month) for month in MONTHS)
    generate(folder, WorldSettings(customers=FEW, months=days, parts=2))
    return folder


@pytest.fixture(scope="module", params=["folder", pytest.param("s3", marks=pytest.mark.evaluate)])
def place(request, tmp_path_factory):
    """Where files land: a folder, and a bucket, where the same must happen."""
    if request.param == "folder":
        yield FolderPlace(str(tmp_path_factory.mktemp("landing")))
        return
    server = request.getfixturevalue("s3")
    with leading_to(server):
        yield BucketPlace(server, uuid4().hex)


@pytest.fixture(scope="module")
def platform(place, tmp_path_factory):
    with Platform(tmp_path_factory.mktemp("platform"), place) as platform:
        yield platform


def success(**made):
    """The runs that are expected: of each job or asset its months."""
    return Counter((what, month, "SUCCESS") for what, months in made.items() for month in months)


def deliver(place, *files):
    for file in files:
        place.write(file.name, file.read_bytes())


def observations(platform):
    return platform.instance.fetch_observations(dg.AssetKey("landing_zone"), limit=9).records


def test_months_that_land_together_run_once_each_and_what_follows_follows(
    platform, world, tmp_path
):
    platform.place.write("read me.txt", b"not a month")
    deliver(platform.place, *world.glob("2019-Oct.*"), *world.glob("2019-Nov.*"))
    platform.settle()
    both = (OCT, NOV)
    wanted = success(month_job=both, event_statistics=both, user_features=both)
    assert platform.new_runs() == wanted
    assert_same(platform, from_scratch(tmp_path, platform.place), both)


def test_a_name_that_says_no_month_is_told_once_and_read_never(platform):
    (seen,) = observations(platform)
    assert seen.asset_observation.metadata["names that say no month"].value == ["read me.txt"]


def test_a_month_in_two_parts_waits_for_the_one_that_still_grows(platform, world, tmp_path):
    whole = (world / "2019-Dec.part2.csv.gz").read_bytes()
    deliver(platform.place, world / "2019-Dec.part1.csv.gz")
    seen = None
    for quarters in range(1, 5):
        # It grows again as soon as it was seen as it is: longer in all than it takes to settle.
        platform.place.write("2019-Dec.part2.csv.gz", whole[: quarters * len(whole) // 4])
        now = seen
        seen = eventually(lambda known=now: {platform.waiting().get(DEC)} - {known, None}).pop()
    platform.settle()
    assert platform.new_runs() == success(
        month_job=[DEC], event_statistics=[DEC], user_features=[DEC]
    )
    assert_same(platform, from_scratch(tmp_path, platform.place), (OCT, NOV, DEC))


def test_a_month_delivered_again_makes_again_what_looks_back_on_it_and_each_once(
    platform, tmp_path
):
    corrected = WorldSettings(customers=FEW, months=(first_day(OCT),), parts=2, seed=8)
    generate(tmp_path / "corrected", corrected)
    deliver(platform.place, *(tmp_path / "corrected").glob("*.csv.gz"))
    platform.settle()
    assert platform.new_runs() == success(
        month_job=[OCT], event_statistics=[OCT, NOV], user_features=[OCT, NOV, DEC]
    )
    assert_same(platform, from_scratch(tmp_path / "new", platform.place), (OCT, NOV, DEC))


def test_a_bad_month_changes_nothing_until_it_is_repaired(platform, world, tmp_path):
    built = from_scratch(tmp_path / "before", platform.place)
    whole = (world / "2020-Jan.part1.csv.gz").read_bytes()
    platform.place.write("2020-Jan.csv.gz", whole[: len(whole) // 2])
    platform.settle()
    assert platform.new_runs() == Counter([("month_job", JAN, "FAILURE")])
    assert platform.lake.months("raw_events") == (OCT, NOV, DEC)
    assert_same(platform, built, (OCT, NOV, DEC))
    platform.place.write("2020-Jan.csv.gz", whole)
    platform.settle()
    assert platform.new_runs() == success(
        month_job=[JAN], event_statistics=[JAN], user_features=[JAN]
    )
    assert_same(platform, from_scratch(tmp_path / "after", platform.place), MONTHS)


def test_a_lost_cursor_starts_nothing_again(platform):
    told = len(observations(platform))

    def has_forgotten():
        # More than once: a tick that is under way saves the cursor that it began with.
        platform.ask(SET_CURSOR, sensor=LANDING_FILES, cursor=None)
        return len(observations(platform)) > told

    # It tells of the odd name again only if it has forgotten that it did.
    eventually(has_forgotten)
    platform.settle()
    assert platform.new_runs() == Counter()


def test_a_run_that_is_killed_or_cancelled_frees_its_slot_of_the_warehouse(platform):
    def holder():
        info = platform.instance.event_log_storage.get_concurrency_info("duckdb")
        return next(iter(info.active_run_ids), None)

    params = {
        "selector": {
            "pipelineName": "__ASSET_JOB",
            "repositoryName": "__repository__",
            "repositoryLocationName": "amazing_assets",
            "assetSelection": [{"path": ["endless_query"]}],
        },
        "mode": "default",
    }
    launched = platform.ask(LAUNCH_RUN, params=params)["launchPipelineExecution"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    killed = eventually(holder)
    os.kill(process_of(platform.instance, killed), signal.SIGKILL)
    # A run that was killed is tried again by itself: it gets the slot of the one before it.
    again = eventually(lambda: {holder()} - {killed, None}).pop()
    platform.ask(TERMINATE, run=again)
    eventually(lambda: platform.instance.get_run_by_id(again).is_finished)
    assert platform.instance.get_run_by_id(again).status is dg.DagsterRunStatus.CANCELED
    eventually(lambda: holder() is None)
