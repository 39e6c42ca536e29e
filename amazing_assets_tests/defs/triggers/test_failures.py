import errno

import dagster as dg
import pytest
from dagster._core.events import JobFailureData, RunFailureReason

from amazing_assets.definitions import defs
from amazing_assets.defs.assets import events
from amazing_assets.defs.partitions import MONTHS
from amazing_assets.defs.resources.alerts import AlertsResource
from amazing_assets.defs.triggers.failures import run_failures
from amazing_assets.warehouse.warehouse import WarehouseError
from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.defs.homes import Home

PASSWORD = "hunter2"  # noqa: S105  planted, to see that it stays in the house


@dg.asset(partitions_def=MONTHS)
def unforeseen():
    raise ConnectionError(f"cannot log in with {PASSWORD}")


@pytest.fixture
def instance(tmp_path):
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path / "dagster")) as made:
        yield made


@pytest.fixture
def report(instance, caplog):
    """Let the sensor report the failure of a run; return what it logs."""

    def tell(event):
        context = dg.build_run_status_sensor_context(
            sensor_name="run_failures",
            dagster_event=event,
            dagster_instance=instance,
            dagster_run=instance.get_runs()[0],
            resources={"alerts": AlertsResource(web_ui="https://dagster.example.com")},
        ).for_run_failure()
        context.log.addHandler(caplog.handler)
        run_failures(context)
        return [record.getMessage() for record in caplog.records]

    return tell


@pytest.fixture
def refused(tmp_path, instance):
    """A month whose file went through a spreadsheet, run for real."""
    home = Home(tmp_path)
    landed(home.landing, line(), line(user_id="5.41312E+08"))
    return failed(events.landed_events, instance, home.resources)


@pytest.fixture
def broken(instance):
    return failed(unforeseen, instance, {})


def failed(asset, instance, resources):
    """Run an asset for real; return the event of the failed run."""
    run = dg.materialize(
        [asset],
        partition_key="2019-10",
        resources=resources,
        instance=instance,
        raise_on_error=False,
    )
    (failure,) = [event for event in run.all_events if event.is_run_failure]
    return failure


def test_a_failed_run_is_told_with_its_reason_and_no_id(webhook, report, refused, instance):
    logged = report(refused)
    (message,) = webhook.messages
    assert message["run_id"] == instance.get_runs()[0].run_id
    assert message["partition"] == "2019-10"
    assert message["step"] == "landed_events"
    assert message["assets"] == ["raw_events", "rejected_events"]
    assert message["url"] == f"https://dagster.example.com/runs/{message['run_id']}"
    assert message["reason"].startswith(
        "2019-Oct.csv line 3: user_id #.#####E+## is no whole number"
    )
    assert logged == [message["text"]]


def test_an_error_that_nobody_foresaw_is_named_and_not_quoted(webhook, report, broken):
    logged = report(broken)
    (message,) = webhook.messages
    assert message["reason"] == "An unforeseen ConnectionError; the page of the run shows it."
    assert PASSWORD not in str([*logged, message])


@dg.asset(partitions_def=MONTHS)
def locked():
    raise WarehouseError("The warehouse is held; close the program.")


@dg.asset(partitions_def=MONTHS)
def full():
    raise OSError(errno.ENOSPC, f"No space left on device {PASSWORD}")


FULL = (
    "A disk, or a quota, is full; free some space, or set AMAZING_HOME to a folder on another "
    "disk, and try again."
)


@pytest.mark.parametrize(
    ("asset", "reason"),
    [
        (locked, "The warehouse is held; close the program."),
        (full, FULL),
    ],
)
def test_a_cause_that_is_known_is_told_with_its_remedy(webhook, report, instance, asset, reason):
    report(failed(asset, instance, {}))
    assert webhook.messages[0]["reason"] == reason


def test_without_a_webhook_a_failed_run_is_in_the_log(monkeypatch, report, broken):
    monkeypatch.delenv("AMAZING_ALERT_WEBHOOK", raising=False)
    (sentence,) = report(broken)
    assert "of 2019-10 failed at unforeseen: An unforeseen ConnectionError" in sentence


def test_a_webhook_that_fails_does_not_fail_the_sensor(webhook, report, broken):
    webhook.status = 500
    assert report(broken)[1].endswith("was not sent: the webhook answered 500.")


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (RunFailureReason.UNEXPECTED_TERMINATION, "The process of the run was killed or crashed."),
        (RunFailureReason.START_TIMEOUT, "The run did not start in time."),
        (None, "The run ended without saying why; see its page."),
    ],
)
def test_a_run_that_died_outside_of_its_steps_is_told_as_well(
    webhook, report, instance, end, reason
):
    run = instance.create_run_for_job(defs().resolve_job_def("month_job"))
    event = instance.report_run_failed(run, job_failure_data=JobFailureData(None, end))
    report(event)
    assert (webhook.messages[0]["step"], webhook.messages[0]["reason"]) == (None, reason)
    assert "user_products" in webhook.messages[0]["assets"]


def test_nobody_is_told_of_a_run_that_a_person_stopped(webhook, report, broken, instance):
    instance.report_run_canceled(instance.get_runs()[0])
    assert report(broken) == []
    assert webhook.messages == []
