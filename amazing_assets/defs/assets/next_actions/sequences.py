"""The asset of the sequences: what was done in a month, as a model reads it."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from amazing_assets.defs.resources.stores import LakeResource
from amazing_assets.defs.tables.declare import SCIENTISTS, lake_table
from amazing_assets.defs.tables.publish import has_landed, nothing_landed, plain_failures, publish
from amazing_assets.defs.triggers.automation import follow
from amazing_assets.lake.left_out import objectors
from amazing_assets.next_actions.contract import ActionSequences
from amazing_assets.next_actions.sequences import month_of_sequences


@lake_table(
    "action_sequences",
    ActionSequences,
    "next_actions",
    SCIENTISTS,
    deps=["clean_events"],
    automation_condition=follow(),
)
def action_sequences(context: dg.AssetExecutionContext, lake: LakeResource) -> Iterator[Any]:
    """What each customer did in a month, in order, as small numbers: one row per customer.

    Views, carts, removals and purchases by category, and the end of each visit; what the model of
    the next action reads and learns from.
    """
    tables, month = lake.open(), context.partition_key
    if not has_landed(tables, month):
        yield from nothing_landed("action_sequences")
        return
    with plain_failures(), tables.draft("action_sequences", month, ActionSequences) as draft:
        draft.fill(month_of_sequences(month, objectors(tables.root)))
        yield from publish(draft)
