"""What is watched: the landing folder, and features that missed their turn."""

import dagster as dg

# The module, not its job: loading `defs/` would find the job twice.
from amazing_assets.defs.triggers.busy import is_busy
from amazing_assets.defs.triggers.provenance import drift_alarm


@dg.sensor(
    target=dg.AssetSelection.assets("event_threshold", "segment_model"),
    minimum_interval_seconds=600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Trains the segment model out of turn when the newest month's customers are no longer what "
        "they were at its fit; once for each champion, however many months say so."
    ),
)
def segments_drift(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Request a training if the newest month with features asks for a refit."""
    instance = context.instance
    if is_busy(instance):
        return dg.SkipReason("runs are under way, which may bring a newer month")
    alarm = drift_alarm(instance)
    if alarm is None:
        return dg.SkipReason("the newest month does not ask for a new fit")
    # Dagster ignores a run key it has seen: a backfill of drifted months trains once, and a refit
    # that waits for a person is not repeated meanwhile.
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=f"drift:{alarm}")])
