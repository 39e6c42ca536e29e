"""The platform as a code location whose automation looks every second, not twice a minute."""

import dagster as dg

# The module, not its function: Dagster would find two sets of definitions here.
from amazing_assets import definitions


@dg.definitions
def quick():
    platform = definitions.defs()
    automation = dg.AutomationConditionSensorDefinition(
        "automation",
        target=dg.AssetSelection.all(),
        minimum_interval_seconds=1,
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    return dg.Definitions(
        assets=platform.assets,
        asset_checks=platform.asset_checks,
        jobs=platform.jobs,
        resources=platform.resources,
        executor=platform.executor,
        sensors=[s for s in platform.sensors if s.name != "automation"] + [automation],
    )
