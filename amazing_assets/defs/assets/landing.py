"""What is outside: the files that land."""

import dagster as dg

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
