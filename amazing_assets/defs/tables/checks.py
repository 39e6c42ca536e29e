"""Write, audit, publish: a month that breaks its promise never replaces a good one."""

from collections.abc import Sequence

import dagster as dg
import polars as pl

from amazing_assets.defs.partitions import MONTHS
from amazing_assets.lake.contract import Fault

KEEPS_CONTRACT = "keeps_contract"

# Findings that a check names in its one sentence; its table has all of them.
_NAMED = 3


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
