"""What a contract says of a table, and whether rows keep it, on their real values.

Frames are audited collected, a shard at a time: on a LazyFrame Pandera checks the types only,
unless a variable is set before it is imported, and bad values pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

# Enough to see what is wrong; a month can break a rule in millions of rows.
_RULES_SHOWN = 20


@dataclass(frozen=True)
class Fault:
    """A rule of a contract that rows break: how many, and one example."""

    column: str
    rule: str
    rows: int
    example: str | None


def schema_of(contract: type[pa.DataFrameModel]) -> pl.Schema:
    """Return the columns of a table and their types, in the contract's order."""
    columns = contract.to_schema().columns
    return pl.Schema({name: column.dtype.type for name, column in columns.items()})


def find_faults(contract: pa.DataFrameSchema, frame: pl.DataFrame) -> list[Fault]:
    """Return the rules of the contract that the frame breaks, the most broken first."""
    try:
        contract.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    rules = cases.group_by("column", "check").agg(
        rows=pl.len(), example=pl.col("failure_case").cast(pl.String).drop_nulls().first()
    )
    ranked = rules.sort("rows", "column", "check", descending=[True, False, False])
    return [
        Fault(str(column), str(check), rows, example)
        for column, check, rows, example in ranked.head(_RULES_SHOWN).iter_rows()
    ]


def add_up(first: Iterable[Fault], second: Iterable[Fault]) -> list[Fault]:
    """Return the faults of two frames together."""
    known = {(fault.column, fault.rule): fault for fault in first}
    for fault in second:
        before = known.get((fault.column, fault.rule))
        known[fault.column, fault.rule] = (
            replace(before, rows=before.rows + fault.rows) if before else fault
        )
    return sorted(known.values(), key=lambda fault: -fault.rows)
