"""Write, audit, publish: a month that breaks its contract never replaces a good one."""

from collections.abc import Sequence

import dagster as dg
import polars as pl

from amazing_assets.cadence import MONTHLY, Cadence
from amazing_assets.defs.partitions import PARTITIONS
from amazing_assets.lake.contract import Fault

# Columns whose values are somebody.
_NAMING = frozenset({"user_id", "user_session"})

KEEPS_CONTRACT = "keeps_contract"

# Findings that a check names in its one sentence; its table has all of them.
_NAMED = 3


def blocking_check(
    asset: str,
    name: str = KEEPS_CONTRACT,
    description: str | None = None,
    *,
    cadence: Cadence | None = MONTHLY,
) -> dg.AssetCheckSpec:
    """A check that blocks a partition; without `partitions_def` a bad one passes after a good one.

    Args:
        asset: The asset that is checked.
        name: Of the check.
        description: What holds if it passes; by default, that every row keeps the contract.
        cadence: How often the asset is made; None if it has no partitions.
    """
    return dg.AssetCheckSpec(
        name,
        asset=asset,
        blocking=True,
        partitions_def=PARTITIONS[cadence] if cadence else None,
        description=description or f"Every row keeps the contract of {asset}.",
    )


def warning_check(
    asset: str, name: str, description: str, *, cadence: Cadence = MONTHLY
) -> dg.AssetCheckSpec:
    """A check that only warns: what it finds is for a person to look at."""
    return dg.AssetCheckSpec(
        name, asset=asset, partitions_def=PARTITIONS[cadence], description=description
    )


def warning_result(
    asset: str, name: str, findings: pl.DataFrame, sentence: str | None = None
) -> dg.AssetCheckResult:
    """Return what a monitor found: a warning with a table, or that all is as it should be.

    Args:
        asset: The asset that is checked.
        name: Of the check.
        findings: Column `what` and more, a row per finding.
        sentence: What is found, in a sentence; by default the first findings.
    """
    rows = [dg.TableRecord(row) for row in findings.to_dicts()]
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=name,
        passed=not rows,
        severity=dg.AssetCheckSeverity.WARN,
        description=sentence or "; ".join(findings["what"].head(_NAMED)) or "Nothing to look at.",
        # A number in any case: the web UI draws it over time.
        metadata={
            "found": len(rows),
            **({"findings": dg.MetadataValue.table(rows)} if rows else {}),
        },
    )


def verdict(asset: str, faults: Sequence[Fault]) -> dg.AssetCheckResult:
    """Return the check's result, with a table of what is wrong and an example of each."""
    rows = [
        dg.TableRecord({"column": f.column, "rule": f.rule, "rows": f.rows, "example": _example(f)})
        for f in faults
    ]
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=KEEPS_CONTRACT,
        passed=not faults,
        description=f"{len(faults)} rules broken." if faults else "All rows keep the contract.",
        metadata={"faults": dg.MetadataValue.table(rows)} if rows else {},
    )


def _example(fault: Fault) -> str | None:
    """Return a value that breaks a rule; of a customer or a visit none, for others see the page."""
    return None if fault.column in _NAMING else fault.example
