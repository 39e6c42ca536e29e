"""What a home would have to make, of all it holds and all that has landed."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import dagster as dg

from amazing_assets.defs.resources.privacy import lives_of
from amazing_assets.next_actions.registered import NEXT_ACTION_MODEL
from amazing_assets.runs.code import loaded_definitions
from amazing_assets.runs.execute import has_champion
from amazing_assets.runs.records import inputs_in, months_read, records_of, steps_of_months
from amazing_assets.runs.selection import selected
from amazing_assets.runs.stale import FORETELLS, READ_FROM_FILES, TRAINED, Cause, Cell, stale

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from amazing_assets.runs.stale import Records
    from amazing_assets.settings import Settings


class Survey:
    """What was made of what, at one moment.

    Attributes:
        months: All months that there are: those that have landed, and those that were read.
        landed: Those that have landed.
    """

    def __init__(
        self, settings: Settings, instance: dg.DagsterInstance, signatures: Mapping[Cell, str]
    ) -> None:
        self._settings = settings
        self._graph = loaded_definitions().resolve_asset_graph()
        self._records = records_of(settings, self._graph, instance, signatures)
        self.landed = frozenset(
            str(cell.key) for cell in signatures if cell.asset == READ_FROM_FILES
        )
        self.months = tuple(sorted(self.landed | months_read(self._records)))
        self._lives = lives_of(settings)

    def to_make(self, selection: str, months: Sequence[str] | None = None) -> dict[Cell, Cause]:
        """Return what has to be made of a selection, in some months or in all.

        Raises:
            UsageError: The selection is not understood, or selects nothing.
        """
        wanted = selected(selection, self._graph)
        records = self._records
        if any(key.to_user_string() in TRAINED for key in wanted):
            records = replace(records, has_champion=self._has_champion)
        if any(key.to_user_string() in FORETELLS for key in wanted):
            records = replace(records, foretells=has_champion(self._settings, NEXT_ACTION_MODEL))
        return self._stale(wanted, self.months if months is None else months, records)

    def outdated(self) -> tuple[list[Cell], dict[Cell, Cause]]:
        """Return what was made and is no longer made of what there is now, and all that is stale.

        What it follows may never have been made itself, as tables of weeks that a demo leaves out.
        """
        models = {dg.AssetKey(name) for name in (*TRAINED, *FORETELLS)}
        wanted = self._graph.materializable_asset_keys - models
        found = self._stale(wanted, self.months, self._records)
        return [cell for cell in found if cell in self._records.numbers], found

    @cached_property
    def _has_champion(self) -> bool:
        return has_champion(self._settings)

    def _stale(
        self, wanted: AbstractSet[dg.AssetKey], months: Sequence[str], records: Records
    ) -> dict[Cell, Cause]:
        there = frozenset(self.months)
        asked = [month for month in months if month in there]
        steps = list(steps_of_months(self._graph, wanted, asked, there))
        known = records.numbers.keys() | {cell for step in steps for cell in step}
        inputs = inputs_in(self._graph, known)
        return stale([step for step in steps if self._can_be_made(step, inputs)], inputs, records)

    def _can_be_made(self, step: Sequence[Cell], inputs: Callable[[Cell], Sequence[Cell]]) -> bool:
        """Whether the life of a step's partitions, and of all that they are made of, lasts."""
        cells = {each for cell in step if cell.key is not None for each in (cell, *inputs(cell))}
        return not any(
            cell.key is not None and self._lives.is_over_in(cell.asset, cell.key) for cell in cells
        )
