"""Everything that Dagster loads: the module that workspace.yaml and [tool.dg] name.

Jobs, schedules and sensors are listed. `load_from_defs_folder` would find them, but asks every
installed library of Dagster's for components: of 2.1 CPU seconds, in each process, 0.6 were that.
"""

import warnings

import dagster as dg

# Dagster's remarks on parameters of its own, twenty in each process, help nobody who reads a log.
warnings.filterwarnings("ignore", category=dg.BetaWarning, module="amazing_assets")
warnings.filterwarnings("ignore", category=dg.PreviewWarning, module="amazing_assets")

from amazing_assets.defs import assets  # noqa: E402  after the filters
from amazing_assets.defs.assets import landing as landing_zone  # noqa: E402  after the filters
from amazing_assets.defs.resources.stores import resources  # noqa: E402  after the filters
from amazing_assets.defs.triggers import (  # noqa: E402  after the filters
    again,
    automation,
    drift,
    failures,
    jobs,
    landing,
    requests,
    schedules,
    staleness,
)


@dg.definitions
def defs() -> dg.Definitions:
    """Return all assets with their checks, jobs, schedules, sensors and resources."""
    everything = dg.Definitions(
        assets=dg.load_assets_from_package_module(assets, include_specs=True),
        asset_checks=[landing_zone.every_file_name_says_a_month],
        jobs=[
            jobs.month_job,
            jobs.train_segments,
            jobs.train_next_actions,
            jobs.assign_segments,
        ],
        schedules=[schedules.quarterly_training, schedules.quarterly_next_actions],
        sensors=[
            landing.landing_files,
            landing.landing_contacts,
            requests.erasure_requests,
            requests.retraining,
            staleness.stale_features,
            drift.segments_drift,
            automation.automation,
            again.failed_followers,
            failures.run_failures,
        ],
    )
    return dg.Definitions.merge(everything, resources())
