"""How time is cut. Windows over partitions are those of `amazing_assets.dates`."""

import dagster as dg

from amazing_assets.cadence import MONTHLY, WEEKLY, Cadence
from amazing_assets.dates import HISTORY, first_day
from amazing_assets.defs.environment import SETTINGS

# end_offset=1 admits the running month, whose file may be delivered before it is over.
MONTHS = dg.MonthlyPartitionsDefinition(start_date=SETTINGS.first_month, fmt="%Y-%m", end_offset=1)

# From the first Tuesday on or after the first day of the first month: a week that begins earlier
# would hold days of which no file ever lands. A week is made once it is over.
WEEKS = dg.WeeklyPartitionsDefinition(
    start_date=first_day(SETTINGS.first_month).isoformat(), day_offset=2
)

PARTITIONS: dict[Cadence, dg.TimeWindowPartitionsDefinition] = {MONTHLY: MONTHS, WEEKLY: WEEKS}

# Months before the first one do not exist, and are not waited for.
MONTH_AND_THE_ONE_BEFORE = dg.TimeWindowPartitionMapping(
    start_offset=-1, allow_nonexistent_upstream_partitions=True
)
MONTHS_OF_HISTORY = dg.TimeWindowPartitionMapping(
    start_offset=1 - HISTORY, allow_nonexistent_upstream_partitions=True
)

# Of a week the windows are counted in weeks, and hold a month more than is read now and then.
# Thirty weeks before a week begin no later than the history does; four before it lie in the month
# before its end, whatever the length of that.
WEEKS_OF_HISTORY = dg.TimeWindowPartitionMapping(
    start_offset=-30, allow_nonexistent_upstream_partitions=True
)
MONTH_BEFORE_A_WEEK = dg.TimeWindowPartitionMapping(
    start_offset=-4, end_offset=-4, allow_nonexistent_upstream_partitions=True
)

# As many weeks as a model of risk is learnt from.
WEEKS_OF_TRAINING = dg.TimeWindowPartitionMapping(
    start_offset=-36, allow_nonexistent_upstream_partitions=True
)

# What is known in a week of scores of four and of eight weeks before: their days are over.
WEEKS_THAT_MATURE = dg.TimeWindowPartitionMapping(
    start_offset=-8, end_offset=-4, allow_nonexistent_upstream_partitions=True
)
