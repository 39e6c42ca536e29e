"""What is told when a run fails: which, where and why, in one sentence."""

import dagster as dg

from amazing_assets.defs.dagster_private import (
    PARTITION_NAME_TAG,
    WILL_RETRY_TAG,
    JobFailureData,
    RunFailureReason,
    SerializableErrorInfo,
)
from amazing_assets.defs.resources.alerts import AlertsResource
from amazing_assets.delivery.alerts import Alert
from amazing_assets.errors import PlainError, sentence_of_words

# A run that dies outside of its steps has no words of its own.
_ENDS = {
    RunFailureReason.START_TIMEOUT: "The run did not start in time.",
    RunFailureReason.RUN_WORKER_RESTART: "The process of the run was restarted and cannot go on.",
    RunFailureReason.UNEXPECTED_TERMINATION: "The process of the run was killed or crashed.",
    RunFailureReason.JOB_INITIALIZATION_FAILURE: "The run could not be prepared.",
    RunFailureReason.RUN_EXCEPTION: "The run broke outside of its steps.",
}

_UNKNOWN = "The run ended without saying why; see its page."


@dg.run_failure_sensor(
    name="run_failures",
    minimum_interval_seconds=15,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Reports every failed run with its reason in one sentence: in the log, and to the webhook "
        "of AMAZING_ALERT_WEBHOOK where it is set."
    ),
)
def run_failures(context: dg.RunFailureSensorContext, alerts: AlertsResource) -> None:
    """Report a failed run, but for one that a person stopped."""
    run = context.instance.get_run_by_id(context.dagster_run.run_id)
    if run is not None and run.status is dg.DagsterRunStatus.CANCELED:
        return
    alerts.tell(alert_of(context, alerts), context.log)


def alert_of(context: dg.RunFailureSensorContext, alerts: AlertsResource) -> Alert:
    """Return what is told of a failed run; of several failed steps the first."""
    run = context.dagster_run
    failed = next(iter(context.get_step_failure_events()), None)
    step = failed.step_key if failed else None
    return Alert(
        run_id=run.run_id,
        job=run.job_name,
        partition=run.tags.get(PARTITION_NAME_TAG),
        step=step,
        assets=_planned(context.instance, run.run_id, step),
        reason=_reason_of_step(failed) if failed else _reason_of_run(context.failure_event),
        is_retried=run.tags.get(WILL_RETRY_TAG) == "true",
        url=alerts.page_of(run.run_id),
    )


def _planned(instance: dg.DagsterInstance, run_id: str, step: str | None) -> tuple[str, ...]:
    planned = dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED
    records = instance.get_records_for_run(run_id, of_type=planned).records
    events = [record.event_log_entry.get_dagster_event() for record in records]
    keys = {event.asset_key for event in events if step in {None, event.step_key}}
    return tuple(sorted(key.to_user_string() for key in keys if key))


def _reason_of_step(event: dg.DagsterEvent) -> str:
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return data.user_failure_data.description
    if sentence := _sentence(data.error):
        return sentence
    # The text of an error that nobody foresaw may quote anything: a row, a path, a password.
    return f"An unforeseen {_kind(data.error)}; the page of the run shows it."


def _sentence(error: SerializableErrorInfo | None) -> str | None:
    """What an error says that is told as it is, or is well known; the innermost such one."""
    if error is None:
        return None
    if inner := _sentence(error.cause):
        return inner
    name, _, text = error.message.partition(": ")
    if name in _plain_names():
        return text.strip()
    return sentence_of_words(error.message)


def _plain_names() -> set[str]:
    """The full names of our own errors, whose text is a sentence without secrets."""
    kinds, names = [PlainError], set()
    while kinds:
        kind = kinds.pop()
        names.add(f"{kind.__module__}.{kind.__qualname__}")
        kinds.extend(kind.__subclasses__())
    return names


def _kind(error: SerializableErrorInfo | None) -> str:
    """The name of an error; Dagster wraps what a step raises in one of its own."""
    if error is None:
        return "error"
    return _kind(error.cause) if error.cause else error.cls_name or "error"


def _reason_of_run(event: dg.DagsterEvent) -> str:
    data = event.event_specific_data
    reason = data.failure_reason if isinstance(data, JobFailureData) else None
    return _ENDS.get(reason, _UNKNOWN) if reason else _UNKNOWN
