"""Requests that lie in a folder, done by the asset, asked for by the sensor."""

import subprocess
import sys

import dagster as dg
import pytest

from amazing_assets.definitions import defs
from amazing_assets.defs.assets.privacy import erasures
from amazing_assets.defs.resources.privacy import PrivacyResource
from amazing_assets.defs.resources.stores import LakeResource, LandingResource, ModelsResource
from amazing_assets.defs.triggers.requests import erasure_requests, retraining
from amazing_assets_tests.defs.homes import SHARDS, failure
from amazing_assets_tests.privacy.homes import ASSETS, MONTH, built, key_of
from amazing_assets_tests.privacy.planted import IDS, OTHERS, found_in

LOADED = defs()

TICK = """
import dagster as dg
from amazing_assets.defs.triggers.requests import retraining

def asked(rows):
    with dg.DagsterInstance.ephemeral() as instance:
        made = dg.AssetMaterialization("erasures", metadata={"rows": rows})
        instance.report_runless_asset_event(made)
        context = dg.build_sensor_context(instance=instance)
        requests = retraining.evaluate_tick(context).run_requests or []
    return [each.job_name for each in requests]

print(*asked({"raw_events": 3}), "nothing:", *asked({}))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return built(tmp_path_factory.mktemp("requests") / "home")


@pytest.fixture
def instance(tmp_path):
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as made:
        yield made


def resources(home, requests=None):
    return {
        "lake": LakeResource(root=str(home / "lake"), shards=SHARDS),
        "landing": LandingResource(
            root=str(home / "landing"), key_file=str(home / "pseudonym.key")
        ),
        "models": ModelsResource(
            tracking_uri=f"sqlite:///{home}/mlflow.db", artifacts=str(home / "artifacts")
        ),
        "privacy": PrivacyResource(
            home=str(home),
            warehouse=str(home / "warehouse.duckdb"),
            lists=str(home / "reports" / "contact_lists"),
            requests=requests or str(home / "requests"),
            landing=str(home / "landing"),
        ),
    }


def tick(home, instance, cursor=None, requests=None):
    context = dg.build_sensor_context(
        instance=instance,
        cursor=cursor,
        definitions=LOADED,
        sensor_name="erasure_requests",
        resources={"privacy": resources(home, requests)["privacy"]},
    )
    return erasure_requests.evaluate_tick(context)


def run(home, instance, requests=None):
    return dg.materialize(
        [erasures], resources=resources(home, requests), instance=instance, raise_on_error=False
    )


def test_a_request_that_lies_there_is_done_in_one_pass_and_its_file_goes(home, instance):
    folder = home / "requests"
    folder.mkdir()
    assert tick(home, instance).skip_message == "nobody asks to be forgotten"
    (folder / "november.txt").write_text(f"{IDS[0]}\n{IDS[1]}\n")
    asked = tick(home, instance)
    assert len(asked.run_requests) == 1
    assert not tick(home, instance, asked.cursor).run_requests
    done = run(home, instance)
    assert done.success
    assert list(folder.iterdir()) == []
    (event,) = done.asset_materializations_for_node("erasures")
    assert event.metadata["customers"].value == 2
    (check,) = done.get_asset_check_evaluations()
    assert check.passed
    assert found_in(home, IDS[:2], key_of(home), home / "landing") == []
    assert tick(home, instance).skip_message == "nobody asks to be forgotten"


def test_tables_that_lost_rows_are_recorded_as_made_in_the_order_in_which_they_are(home, instance):
    assert dg.materialize(
        ASSETS, partition_key=MONTH, resources=resources(home), instance=instance
    ).success
    (home / "requests" / "last.txt").write_text(f"{IDS[2]}\n")
    before = numbers(instance)
    assert run(home, instance).success
    after = numbers(instance)
    news = [name for name in sorted(after, key=after.__getitem__) if after[name] > before[name]]
    assert news == [
        "raw_events",
        "clean_events",
        "sessions",
        "user_products",
        "price_book",
        "contacts",
        "action_sequences",
    ]


def numbers(instance):
    """Of each asset the number of the event that made it last."""
    return {
        key.to_user_string(): record.asset_entry.last_materialization_storage_id
        for asset in ASSETS
        for key in asset.keys
        for record in instance.get_asset_records([key])
    }


def test_requests_may_lie_in_a_bucket(home, instance, bucket):
    assert tick(home, instance, requests=bucket.root).skip_message == "nobody asks to be forgotten"
    bucket.write("december.txt", f"{OTHERS[0]}\n".encode())
    asked = tick(home, instance, requests=bucket.root)
    assert len(asked.run_requests) == 1
    assert not tick(home, instance, asked.cursor, bucket.root).run_requests
    done = run(home, instance, bucket.root)
    (event,) = done.asset_materializations_for_node("erasures")
    assert event.metadata["rows"].value["raw_events"] > 0
    assert tick(home, instance, requests=bucket.root).skip_message == "nobody asks to be forgotten"


def test_models_are_trained_at_once_where_that_is_set_and_something_was_taken_out(instance):
    """In a process of its own, which reads its settings when it begins."""
    ran = subprocess.run(
        [sys.executable, "-c", TICK],
        env={"PATH": "/usr/bin:/bin", "AMAZING_RETRAIN": "at_once"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == ["train_segments", "train_next_actions", "nothing:"]
    # By default, as in this process, the next training by the calendar is enough.
    made = dg.AssetMaterialization("erasures", metadata={"rows": {"raw_events": 3}})
    instance.report_runless_asset_event(made)
    asked = retraining.evaluate_tick(dg.build_sensor_context(instance=instance))
    assert asked.skip_message == "the next training by the calendar is enough"


def test_a_line_that_is_no_id_fails_the_run_without_repeating_it(home, instance):
    file = home / "requests" / "wrong.txt"
    file.write_text("12\nsecret\n")
    assert failure(run(home, instance)) == (
        "Line 2 of file 1 of the requests is no customer id; give the shop's own ids, whole "
        "numbers of at most 19 digits, one a line."
    )
    file.unlink()
