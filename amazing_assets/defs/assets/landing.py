"""What is outside: the files that land."""

import dagster as dg

from amazing_assets.defs.partitions import MONTHS
from amazing_assets.defs.resources.stores import LandingResource
from amazing_assets.defs.tables.publish import plain_failures
from amazing_assets.landing.arrivals import Unread, unread_files

# The check of the names, which the sensor evaluates as files come and go, and a person may ask for.
NAMED = "every_file_name_says_a_month"

landing_zone = dg.AssetSpec(
    "landing_zone",
    group_name="landing",
    description=(
        "The event files that the marketplace delivers: one a month, or several parts, named "
        "like 2019-Oct.csv.gz."
    ),
    kinds={"csv", "gzip"},
    owners=["team:data-engineering"],
)


@dg.asset_check(
    asset="landing_zone",
    name=NAMED,
    description="Every file that has landed is read: its name says a month, and one of ours.",
)
def every_file_name_says_a_month(landing: LandingResource) -> dg.AssetCheckResult:
    """Whether all files of the landing zone are read."""
    with plain_failures():
        return named_check(unread_files(landing.open().listing(), MONTHS.has_partition_key))


def named_check(found: Unread) -> dg.AssetCheckResult:
    """Return the check; it warns, for the files that are read are not the worse for it."""
    return dg.AssetCheckResult(
        asset_key="landing_zone",
        check_name=NAMED,
        passed=not found.names,
        severity=dg.AssetCheckSeverity.WARN,
        description=found.sentence,
        metadata={"files that are not read": len(found.names)},
    )
