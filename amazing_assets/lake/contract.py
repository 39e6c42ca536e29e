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

# 30 MB of the widest table, and longer to check than the call of Pandera takes by itself.
_WORTH_A_CALL = 20_000


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
    """Rows and faults of a table, of which frame after frame is told.

    A call of Pandera takes .25 s for the 195 columns of a customer, of however few rows: small
    frames wait for each other and are checked together.
    """

    def __init__(self, contract: type[pa.DataFrameModel]) -> None:
        self._contract = contract.to_schema()
        self._faults: list[Fault] = []
        self._waiting: list[pl.DataFrame] = []
        self.rows = 0

    def add(self, checked: Checked) -> None:
        """Count what a task found in a frame, or keep the frame that it left to be checked."""
        self.rows += checked.rows
        self._faults = add_up(self._faults, checked.faults)
        if checked.unchecked is not None:
            self._waiting.append(checked.unchecked)
            if sum(frame.height for frame in self._waiting) >= _WORTH_A_CALL:
                self._check_waiting()

    def faults(self) -> list[Fault]:
        """Return the rules that any row broke so far, the most broken first."""
        self._check_waiting()
        return self._faults

    def _check_waiting(self) -> None:
        if self._waiting:
            together = pl.concat(self._waiting)
            self._waiting = []
            self._faults = add_up(self._faults, find_faults(self._contract, together))


@dataclass(frozen=True)
class Checked:
    """What the audit of one frame found; a frame too small for a call of its own comes along."""

    rows: int
    faults: tuple[Fault, ...] = ()
    unchecked: pl.DataFrame | None = None


def check(contract: pa.DataFrameSchema, frame: pl.DataFrame) -> Checked:
    """Audit a frame where it was made, unless it is so small that it may wait."""
    if frame.height < _WORTH_A_CALL:
        return Checked(frame.height, unchecked=frame)
    return Checked(frame.height, tuple(find_faults(contract, frame)))


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
