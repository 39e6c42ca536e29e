"""Write, audit, publish: a month that breaks its promise never replaces a good one."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import dagster as dg
import pandera.polars as pa
import polars as pl

from amazing_assets.defs.partitions import MONTHS
from amazing_assets.lake.contract import Fault, find_faults
from amazing_assets.lake.storage import LakeError
from amazing_assets.lake.table import Draft, Lake
from amazing_assets.landing.zone import LandingError
from amazing_assets.segments.design import (
    MissingColumnsError,
    UndescribedError,
    UnusableColumnsError,
)
from amazing_assets.segments.promotion import PromotionError
from amazing_assets.settings import SettingsError

Metadata = dict[str, Any]

KEEPS_CONTRACT = "keeps_contract"

# Findings that a check names in its one sentence; its table has all of them.
_NAMED = 3

# What the platform says in whole sentences: a traceback would only hide them.
PLAIN_ERRORS = (
    LakeError,
    LandingError,
    SettingsError,
    MissingColumnsError,
    UndescribedError,
    UnusableColumnsError,
    PromotionError,
)


def promise(
    asset: str,
    name: str = KEEPS_CONTRACT,
    description: str | None = None,
    *,
    monthly: bool = True,
) -> dg.AssetCheckSpec:
    """A check that blocks a month; without `partitions_def` a bad month passes after a good one.

    Args:
        asset: The asset that promises.
        name: Of the check.
        description: What is promised; by default, that every row keeps the contract.
        monthly: Whether the asset has months.
    """
    return dg.AssetCheckSpec(
        name,
        asset=asset,
        blocking=True,
        partitions_def=MONTHS if monthly else None,
        description=description or f"Every row keeps the contract of {asset}.",
    )


def look(asset: str, name: str, description: str) -> dg.AssetCheckSpec:
    """A check that only warns: what it finds is for a person to look at."""
    return dg.AssetCheckSpec(name, asset=asset, partitions_def=MONTHS, description=description)


def looked(asset: str, name: str, findings: pl.DataFrame) -> dg.AssetCheckResult:
    """Return what a look found: a warning with a table, or that all is as it should be."""
    rows = [dg.TableRecord(row) for row in findings.to_dicts()]
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=name,
        passed=not rows,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(findings["what"].head(_NAMED)) or "Nothing to look at.",
        # A number in any case: the web UI draws it over time.
        metadata={
            "found": len(rows),
            **({"findings": dg.MetadataValue.table(rows)} if rows else {}),
        },
    )


@contextmanager
def told_plainly() -> Iterator[None]:
    """Fail a run with the platform's own sentence where it has one."""
    try:
        yield
    except PLAIN_ERRORS as error:
        raise dg.Failure(str(error), allow_retries=False) from None


def verdict(asset: str, faults: Sequence[Fault]) -> dg.AssetCheckResult:
    """Return the check's result, with a table of what is wrong and an example of each."""
    rows = [
        dg.TableRecord({"column": f.column, "rule": f.rule, "rows": f.rows, "example": f.example})
        for f in faults
    ]
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=KEEPS_CONTRACT,
        passed=not faults,
        description=f"{len(faults)} rules broken." if faults else "All rows keep the contract.",
        metadata={"faults": dg.MetadataValue.table(rows)} if rows else {},
    )


def publish(
    draft: Draft, describe: Callable[[], Metadata] = dict
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[Any]]:
    """Make a draft the month if it keeps its contract; otherwise leave the month as it was.

    Only a month that keeps its contract is described.
    """
    checked = verdict(draft.table, draft.faults)
    if draft.faults:
        yield checked
        first = draft.faults[0]
        raise dg.Failure(
            f"{draft.table} {draft.month} breaks its contract: {first.rows:,} rows of column "
            f"{first.column} break {first.rule}; the check {KEEPS_CONTRACT} shows examples, the "
            f"month as it was before this run is untouched.",
            allow_retries=False,
        )
    metadata = {"dagster/row_count": draft.rows, **describe()}
    draft.publish()
    yield dg.MaterializeResult(asset_key=draft.table, metadata=metadata)
    yield checked


NO_CHAMPION = "No segment model is the champion yet; materialize segment_model first."

NOTHING = {"empty": "Nothing of this month has landed yet; it is made once it has."}


def has_landed(lake: Lake, month: str) -> bool:
    """Whether there is anything to make a month's tables of."""
    return month in lake.months("clean_events")


def nothing_landed(
    asset: str, *looks: str
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[Any]]:
    """Tell that a month was asked for and is left empty: no table is written.

    Its looks at the unusual find nothing, as there is nothing to look at.

    A backfill from the page asks for all months whose window contains a chosen one, the future
    included. To fail there would fail the backfill, and features of a month without events would
    look as if every customer had left.
    """
    yield dg.MaterializeResult(asset_key=asset, metadata={"dagster/row_count": 0, **NOTHING})
    yield verdict(asset, [])
    for name in looks:
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
        contract: What it promises.
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


def columns(contract: type[pa.DataFrameModel]) -> Metadata:
    """Return the metadata that shows a contract's columns on the asset's page."""
    described = contract.to_schema().columns.items()
    return {
        "dagster/column_schema": dg.TableSchema(
            columns=[
                dg.TableColumn(
                    name=name,
                    type=str(column.dtype),
                    description=column.description,
                    constraints=dg.TableColumnConstraints(nullable=column.nullable),
                )
                for name, column in described
            ]
        )
    }
