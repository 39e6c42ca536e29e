"""The platform as a code location in which night never falls, with a query that never ends.

A test that happens to run at three in the morning would otherwise train the model unasked. Nor does
anything follow by week: of four months thirty weeks would, by the rules that months follow by.
"""

import time

import dagster as dg

# The module, not its function: Dagster would find two sets of definitions here.
from amazing_assets import definitions


@dg.asset(pool="duckdb")
def endless_query():
    while True:
        time.sleep(1)


@dg.definitions
def nightless():
    platform = definitions.defs().map_resolved_asset_specs(
        selection=dg.AssetSelection.assets("segment_model", "customer_view")
        | dg.AssetSelection.groups("next_actions", "churn"),
        func=lambda spec: spec.replace_attributes(automation_condition=None),
    )
    return dg.Definitions.merge(platform, dg.Definitions(assets=[endless_query]))
