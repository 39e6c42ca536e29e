"""The asset of the lists: whom to contact this week, as files for the CRM."""

from typing import Any

import dagster as dg
import polars as pl

from amazing_assets.cadence import WEEKLY
from amazing_assets.churn.outcomes import TASKS
from amazing_assets.churn.revenue.contract import CustomerValue
from amazing_assets.dates import week_start
from amazing_assets.defs.freshness import FRESHNESS
from amazing_assets.defs.partitions import WEEKS
from amazing_assets.defs.resources.stores import ListsResource, WarehouseResource
from amazing_assets.defs.tables.metadata import Metadata, table
from amazing_assets.defs.tables.publish import NOTHING, failing_plainly, plain_failures
from amazing_assets.defs.triggers.automation import follow
from amazing_assets.lake.contract import schema_of

SCORES, VALUE = "churn_scores", "customer_value"

_SHOWN = 10
# Nobody by name: what Dagster has recorded once it keeps.
_ON_PAGE = (
    "rank",
    "probability",
    "expected_revenue",
    "value_at_risk",
    "is_holdout",
)


@dg.asset(
    partitions_def=WEEKS,
    deps=[SCORES, VALUE],
    freshness_policy=FRESHNESS[WEEKLY],
    group_name="churn",
    kinds={"csv", "parquet"},
    owners=["team:marketing"],
    automation_condition=follow(missing_ignore=[VALUE]),
)
@failing_plainly
def contact_lists(
    context: dg.AssetExecutionContext,
    warehouse_file: WarehouseResource,
    lists: ListsResource,
) -> dg.MaterializeResult[Any]:
    """Whom to contact this week: for each task a ranked list with reasons, as files for the CRM.

    First the customer with most at stake: probability times expected revenue. As many as the budget
    allows; customers held out for half a year are marked, and must not be contacted.
    """
    from amazing_assets.delivery.lists.contacts import (  # noqa: PLC0415  SciPy
        beside_others,
        contact_list,
        told_reasons,
        worth,
    )
    from amazing_assets.delivery.lists.files import write_list  # noqa: PLC0415  boto3
    from amazing_assets.language.language import ENGLISH, LANGUAGES  # noqa: PLC0415

    begins, as_of = week_start(context.partition_key), WEEKLY.as_of(context.partition_key)
    with plain_failures():
        warehouse = warehouse_file.open()
        scores = warehouse.read_partitions(SCORES, begins, begins, WEEKLY)
        values = warehouse.read_partitions(VALUE, begins, begins, WEEKLY)
    if scores is None:
        return dg.MaterializeResult(metadata=NOTHING)
    if values is None:
        values = pl.DataFrame(schema=schema_of(CustomerValue))
    metadata: Metadata = {}
    asked = {task.name: scores.filter(task=task.name) for task in TASKS}
    ranked = {
        task: contact_list(of_task, values, lists.budget)
        for task, of_task in asked.items()
        if not of_task.is_empty()
    }
    for task, found in beside_others(ranked).items():
        listed = found
        for language in LANGUAGES.values():
            listed = told_reasons(listed, language)
        metadata[f"{task}: files"] = ", ".join(write_list(lists.place, f"{as_of}/{task}", listed))
        metadata |= {f"{task}: {figure}": value for figure, value in worth(listed).items()}
        metadata[f"{task}: first of the list"] = table(
            listed.head(_SHOWN).select(*_ON_PAGE, f"why_{ENGLISH.code}")
        )
    return dg.MaterializeResult(metadata=metadata)
