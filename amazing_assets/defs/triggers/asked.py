"""What was chosen together when a run began: often more than the run itself makes.

Of a choice that holds months and weeks, and of a backfill, each run makes a part. Whoever looked at
the assets of a run alone took the last part of a demo for a report that somebody had asked for, and
wrote those of six earlier months.
"""

import dagster as dg

from amazing_assets.defs.triggers.automation import FROM_AUTOMATION

# Of a run of ours: the names of all that was chosen; Dagster shows tags of this kind to nobody.
CHOSEN = ".dagster/amazing_chosen"

_BACKFILL = "dagster/backfill"


def chosen_with(context: dg.AssetExecutionContext) -> frozenset[dg.AssetKey]:
    """Return the assets that were chosen together with this one; none: no person chose."""
    tags = context.run.tags
    if FROM_AUTOMATION in tags:
        return frozenset()
    if CHOSEN in tags:
        return frozenset(map(dg.AssetKey, tags[CHOSEN].split(",")))
    if _BACKFILL in tags and (backfill := context.instance.get_backfill(tags[_BACKFILL])):
        return frozenset(backfill.asset_selection or ())
    return frozenset(context.job_def.asset_layer.executable_asset_keys)
