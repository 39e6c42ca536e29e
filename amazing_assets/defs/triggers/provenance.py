"""What a partition was made of: the versions of its inputs, as Dagster's event log numbers them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

import dagster as dg

from amazing_assets.cadence import MONTHLY, Cadence, cadence_of
from amazing_assets.defs.dagster_private import latest_storage_ids
from amazing_assets.models.drift import REFIT

# Under this name a partition's metadata hold its inputs.
INPUTS = "inputs"

# Under this name a month of `raw_events` holds the signature of the files it was read from.
FILES_SIGNATURE = "signature of files"

# Of each input, as `sessions/2019-10`, the number of the event that made it.
Inputs = dict[str, int]


def inputs_of(instance: dg.DagsterInstance, key: str, assets: Iterable[str]) -> Inputs:
    """Return the inputs of the history that ends with a month or a week, as they are now.

    Of a week that ends within a month the whole month is an input, as its events are.
    """
    return {
        f"{asset}/{each}": number
        for asset in assets
        for each, number in sorted(latest_storage_ids(instance, asset).items())
        if _is_in_history(each, key)
    }


def _is_in_history(each: str, key: str) -> bool:
    cadence, other = cadence_of(key), cadence_of(each)
    began_before_its_end = other.first_day(each) < cadence.as_of(key)
    return began_before_its_end and other.as_of(each) > cadence.history_start(key)


def recorded_inputs(instance: dg.DagsterInstance, asset: str, key: str) -> Inputs | None:
    """Return the inputs that a partition was made of; None if it was never made."""
    made = _last_made(instance, asset, key)
    if made is None:
        return None
    inputs = _metadata(made).get(INPUTS)
    if isinstance(inputs, dg.JsonMetadataValue) and isinstance(inputs.value, Mapping):
        return dict(inputs.value)
    # Reported by hand, or made before inputs were recorded: of nothing that we know.
    return {}


def stale_partitions(
    instance: dg.DagsterInstance, asset: str, inputs: Sequence[str], cadence: Cadence = MONTHLY
) -> dict[str, int]:
    """Return the partitions that are not made of their inputs of today, with the newest input.

    Args:
        instance: Where materializations are recorded.
        asset: Of which a partition records its inputs.
        inputs: Monthly tables. A partition is expected once each has the months of its days.
        cadence: How often the asset is made.
    """
    complete = set.intersection(*(set(latest_storage_ids(instance, name)) for name in inputs))
    keys = (key for month in sorted(complete) for key in cadence.complete_with(month))
    wanted = {
        key: inputs_of(instance, key, inputs)
        for key in keys
        if set(cadence.months(key)) <= complete
    }
    return {
        key: max(today.values())
        for key, today in wanted.items()
        if recorded_inputs(instance, asset, key) != today
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
    numbers = cache(lambda asset: latest_storage_ids(instance, asset))
    first, *others = assets

    def is_made_of(month: str, signature: str) -> bool:
        made = _last_made(instance, first, month)
        if made is None or _signature(made) != signature:
            return False
        # A run that failed half-way, or a person who made but the first, leaves others older.
        return all(numbers(asset).get(month, 0) > made.storage_id for asset in others)

    return is_made_of


def files_signature(instance: dg.DagsterInstance, asset: str, month: str) -> str | None:
    """Return the signature of the files that a month was read from; None if it is not known."""
    made = _last_made(instance, asset, month)
    return None if made is None else _signature(made)


def _signature(made: dg.EventLogRecord) -> str | None:
    recorded = _metadata(made).get(FILES_SIGNATURE)
    return recorded.value if isinstance(recorded, dg.TextMetadataValue) else None


def _last_made(instance: dg.DagsterInstance, asset: str, key: str) -> dg.EventLogRecord | None:
    wanted = dg.AssetRecordsFilter(asset_key=dg.AssetKey(asset), asset_partitions=[key])
    return next(iter(instance.fetch_materializations(wanted, limit=1).records), None)


def _metadata(record: dg.EventLogRecord) -> Mapping[str, dg.MetadataValue]:
    made = record.asset_materialization
    return made.metadata if made else {}


def drift_alarm(instance: dg.DagsterInstance) -> str | None:
    """Return the version of the model that the newest month has drifted away from, or None.

    Older months do not count: that the past was different asks for nothing.
    """
    newest = max(latest_storage_ids(instance, "user_features"), default=None)
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
