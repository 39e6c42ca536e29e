"""What a month was made of: the versions of its inputs, as Dagster's event log numbers them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

import dagster as dg

from amazing_assets.dates import trailing_months
from amazing_assets.models.drift import REFIT

# Under this name a month's metadata hold its inputs.
INPUTS = "inputs"

# Under this name a month of `raw_events` holds the signature of the files it was read from.
FILES_SIGNATURE = "signature of files"

# Of each input, as `sessions/2019-10`, the number of the event that made it.
Inputs = dict[str, int]


def latest(instance: dg.DagsterInstance, asset: str) -> Inputs:
    """Return of each month of an asset the number of the event that made it last."""
    # Half private, but one query: the public way is one for every month.
    return dict(
        instance.event_log_storage.get_latest_storage_id_by_partition(
            dg.AssetKey(asset), dg.DagsterEventType.ASSET_MATERIALIZATION
        )
    )


def inputs_of(instance: dg.DagsterInstance, month: str, assets: Iterable[str]) -> Inputs:
    """Return the inputs of a month's history, as they are now."""
    window = trailing_months(month)
    return {
        f"{asset}/{m}": number
        for asset in assets
        for m, number in sorted(latest(instance, asset).items())
        if m in window
    }


def recorded_inputs(instance: dg.DagsterInstance, asset: str, month: str) -> Inputs | None:
    """Return the inputs that a month was made of; None if it was never made."""
    made = _last_made(instance, asset, month)
    if made is None:
        return None
    inputs = _metadata(made).get(INPUTS)
    if isinstance(inputs, dg.JsonMetadataValue) and isinstance(inputs.value, Mapping):
        return dict(inputs.value)
    # Reported by hand, or made before inputs were recorded: of nothing that we know.
    return {}


def stale_months(instance: dg.DagsterInstance, asset: str, inputs: Sequence[str]) -> dict[str, int]:
    """Return the months that are not made of their inputs of today, with the newest input."""
    complete = set.intersection(*(set(latest(instance, name)) for name in inputs))
    wanted = {month: inputs_of(instance, month, inputs) for month in sorted(complete)}
    return {
        month: max(today.values())
        for month, today in wanted.items()
        if recorded_inputs(instance, asset, month) != today
    }


def made_of_files(
    instance: dg.DagsterInstance, assets: Sequence[str]
) -> Callable[[str, str], bool]:
    """Return what tells whether a month, with all that follows in its run, is made of files.

    Args:
        instance: Where materializations are recorded.
        assets: Those that a run makes of a month's files, `raw_events` the first.
    """
    # One query an asset, for whoever asks; a tick without an unknown month does not ask.
    numbers = cache(lambda asset: latest(instance, asset))
    first, *others = assets

    def is_made_of(month: str, signature: str) -> bool:
        made = _last_made(instance, first, month)
        if made is None or _metadata(made).get(FILES_SIGNATURE) != dg.TextMetadataValue(signature):
            return False
        # A run that failed half-way, or a person who made but the first, leaves others older.
        return all(numbers(asset).get(month, 0) > made.storage_id for asset in others)

    return is_made_of


def _last_made(instance: dg.DagsterInstance, asset: str, month: str) -> dg.EventLogRecord | None:
    wanted = dg.AssetRecordsFilter(asset_key=dg.AssetKey(asset), asset_partitions=[month])
    return next(iter(instance.fetch_materializations(wanted, limit=1).records), None)


def _metadata(record: dg.EventLogRecord) -> Mapping[str, dg.MetadataValue]:
    made = record.asset_materialization
    return made.metadata if made else {}


def drift_alarm(instance: dg.DagsterInstance) -> str | None:
    """Return the version of the model that the newest month has drifted away from, or None.

    Older months do not count: that the past was different asks for nothing.
    """
    newest = max(latest(instance, "user_features"), default=None)
    if newest is None:
        return None
    wanted = dg.AssetRecordsFilter(
        asset_key=dg.AssetKey("segment_drift"), asset_partitions=[newest]
    )
    records = instance.fetch_materializations(wanted, limit=1).records
    made = records[0].asset_materialization if records else None
    if made is None or made.metadata["level"].value != REFIT:
        return None
    return str(made.metadata["model_version"].value)
