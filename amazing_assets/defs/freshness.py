"""When an asset counts as late. Dagster looks at when it was made last, not at which month."""

from datetime import timedelta

import dagster as dg

from amazing_assets.cadence import MONTHLY, WEEKLY, Cadence

# A month's file comes in the first days of the next one; nights and weekends are in the five days.
BY_THE_FIFTH = dg.FreshnessPolicy.cron("0 0 6 * *", lower_bound_delta=timedelta(days=5))

# A week's events come with those of its month, so that it is late when they are.
FRESHNESS: dict[Cadence, dg.FreshnessPolicy] = {MONTHLY: BY_THE_FIFTH, WEEKLY: BY_THE_FIFTH}

# A model is trained once a quarter. Half a year is the longest a segment is followed.
EVERY_QUARTER = dg.FreshnessPolicy.time_window(
    warn_window=timedelta(days=110), fail_window=timedelta(days=180)
)
