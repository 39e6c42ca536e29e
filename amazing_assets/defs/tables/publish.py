"""Write, audit, publish: a month that breaks its contract never replaces a good one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import isgeneratorfunction
from typing import Any, ParamSpec, TypeVar

import dagster as dg
import pandera.polars as pa
import polars as pl

from amazing_assets.cadence import cadence_of
from amazing_assets.defs.tables.checks import KEEPS_CONTRACT, verdict
from amazing_assets.defs.tables.metadata import Metadata
from amazing_assets.errors import PlainError
from amazing_assets.fault_log import told
from amazing_assets.lake.contract import find_faults
from amazing_assets.lake.table import Draft, Lake

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def plain_failures() -> Iterator[None]:
    """Fail a run with one sentence, whatever was raised; its page shows the traceback beneath.

    Raises:
        Failure: Something was; what the platform itself refuses is not tried again.
    """
    try:
        yield
    except (dg.Failure, dg.RetryRequested):
        raise
    except PlainError as error:
        raise dg.Failure(str(error), allow_retries=False) from None
    except BaseException as error:
        # A panic of Polars is no `Exception`, nor are a stop and the end of a generator.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise dg.Failure(told(error)) from error
        raise


def failing_plainly(body: Callable[P, R]) -> Callable[P, R]:
    """Have all that the body of an asset raises end in one sentence, on its page and elsewhere."""
    if isgeneratorfunction(body):

        @wraps(body)
        def generator(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401  as of the body
            with plain_failures():
                yield from body(*args, **kwargs)

        return generator

    @wraps(body)
    def function(*args: P.args, **kwargs: P.kwargs) -> R:
        with plain_failures():
            return body(*args, **kwargs)

    return function


def publish(
    draft: Draft, describe: Callable[[], Metadata] = dict
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[Any]]:
    """Make a draft the partition if it keeps its contract; otherwise leave that as it was.

    Only a partition that keeps its contract is described.
    """
    faults = draft.find_faults()
    checked = verdict(draft.table, faults)
    if faults:
        yield checked
        first = faults[0]
        raise dg.Failure(
            f"{draft.table} {draft.key} breaks its contract: {first.rows:,} rows of column "
            f"{first.column} break {first.rule}; the check {KEEPS_CONTRACT} shows examples, the "
            f"{draft.cadence.name} as it was before this run is untouched.",
            allow_retries=False,
        )
    metadata = {"dagster/row_count": draft.rows, **describe()}
    draft.publish()
    yield dg.MaterializeResult(asset_key=draft.table, metadata=metadata)
    yield checked


NOTHING = {"empty": "What it is made of has not landed yet; it is made once it has."}


def has_landed(lake: Lake, key: str) -> bool:
    """Whether there is all that a month's, or a week's, tables are made of."""
    return set(cadence_of(key).months(key)) <= set(lake.months("clean_events"))


def nothing_landed(
    asset: str, *monitors: str
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[Any]]:
    """Tell that a month, or a week, was asked for and is left empty: no table is written.

    Its monitors find nothing, as there is nothing to look at.

    A backfill from the page asks for all months whose window contains a chosen one, the future
    included. To fail there would fail the backfill, and features of a month without events would
    look as if every customer had left.
    """
    yield dg.MaterializeResult(asset_key=asset, metadata={**NOTHING, "dagster/row_count": 0})
    yield verdict(asset, [])
    for name in monitors:
        yield dg.AssetCheckResult(asset_key=asset, check_name=name, passed=True)


def audited(
    asset: str,
    contract: type[pa.DataFrameModel],
    frame: pl.DataFrame,
    metadata: Metadata,
    output: str = "result",
) -> Iterator[dg.AssetCheckResult | dg.Output[pl.DataFrame]]:
    """Hand a frame to the warehouse if it keeps its contract; otherwise leave what is there.

    Args:
        asset: The asset that is made.
        contract: What its rows keep.
        frame: Its rows.
        metadata: What its page shows.
        output: Name of the output, where one step makes several assets.
    """
    faults = find_faults(contract.to_schema(), frame)
    if faults:
        yield verdict(asset, faults)
        raise dg.Failure(f"{asset} breaks its contract; see the check.", allow_retries=False)
    yield dg.Output(frame, output_name=output, metadata=metadata)
    yield verdict(asset, faults)
