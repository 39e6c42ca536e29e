"""What a contract says of a table, and whether rows keep it, on their real values.

Frames are audited collected, a shard at a time: on a LazyFrame Pandera checks the types only,
unless a variable is set before it is imported, and bad values pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from amazing_assets.lake.rules import certainly_keeps

if TYPE_CHECKING:
    from collections.abc import Iterable

# Enough to see what is wrong; a month can break a rule in millions of rows.
_RULES_SHOWN = 20


class Table(pa.DataFrameModel):
    """What the columns of a table are: all of them, and no other."""

    class Config:
        """Rows of an older or a newer version are refused, not half read."""

        strict = True


@dataclass(frozen=True)
class Fault:
    """A rule of a contract that rows break: how many, and one example."""

    column: str
    rule: str
    rows: int
    example: str | None


class Audit:
    """Rows and faults of a table, of which frame after frame is told."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self.rows = 0

    def add(self, checked: Checked) -> None:
        """Count what a task found in a frame."""
        self.rows += checked.rows
        self._faults = add_up(self._faults, checked.faults)

    def faults(self) -> list[Fault]:
        """Return the rules that any row broke so far, the most broken first."""
        return self._faults


@dataclass(frozen=True)
class Checked:
    """What the audit of one frame found."""

    rows: int
    faults: tuple[Fault, ...] = ()


def check(contract: pa.DataFrameSchema, frame: pl.DataFrame) -> Checked:
    """Audit a frame where it was made."""
    return Checked(frame.height, tuple(find_faults(contract, frame)))


def schema_of(contract: type[pa.DataFrameModel]) -> pl.Schema:
    """Return the columns of a table and their types, in the contract's order."""
    columns = contract.to_schema().columns
    return pl.Schema({name: column.dtype.type for name, column in columns.items()})


def find_faults(contract: pa.DataFrameSchema, frame: pl.DataFrame) -> list[Fault]:
    """Return the rules of the contract that the frame breaks, the most broken first."""
    return [] if certainly_keeps(contract, frame) else _told_by_pandera(contract, frame)


def _told_by_pandera(contract: pa.DataFrameSchema, frame: pl.DataFrame) -> list[Fault]:
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
