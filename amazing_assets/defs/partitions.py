"""How time is cut. Windows over partitions are those of `amazing_assets.dates`."""

import dagster as dg

from amazing_assets.dates import HISTORY
from amazing_assets.settings import load_settings

# end_offset=1 admits the running month, whose file may be delivered before it is over.
MONTHS = dg.MonthlyPartitionsDefinition(
    start_date=load_settings().first_month, fmt="%Y-%m", end_offset=1
)

# Months before the first one do not exist, and are not waited for.
MONTHS_OF_HISTORY = dg.TimeWindowPartitionMapping(
    start_offset=1 - HISTORY, allow_nonexistent_upstream_partitions=True
)

# A month and the one before it.
MONTH_BEFORE = dg.TimeWindowPartitionMapping(
    start_offset=-1, allow_nonexistent_upstream_partitions=True
)
