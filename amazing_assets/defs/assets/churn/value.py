"""The asset of the value of customers: what they are expected to spend after a week."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from amazing_assets.cadence import WEEKLY
from amazing_assets.churn.revenue.contract import CustomerValue
from amazing_assets.churn.revenue.registered import VALUE_MODEL
from amazing_assets.defs.assets.churn.models import is_asked_for, newest_week
from amazing_assets.defs.partitions import WEEKS_OF_HISTORY
from amazing_assets.defs.resources.stores import LakeResource, ModelsResource
from amazing_assets.defs.tables.declare import MARKETING, warehouse_table
from amazing_assets.defs.tables.metadata import Metadata, picture, table
from amazing_assets.defs.tables.publish import audited, has_landed, nothing_landed, plain_failures
from amazing_assets.defs.triggers.automation import follow

VALUE = "customer_value"


@warehouse_table(
    VALUE,
    CustomerValue,
    "churn",
    MARKETING,
    cadence=WEEKLY,
    deps=["customer_view", dg.AssetDep("sessions", partition_mapping=WEEKS_OF_HISTORY)],
    automation_condition=follow(trigger_ignore=["sessions"], missing_ignore=["sessions"]),
)
def customer_value(
    context: dg.AssetExecutionContext, lake: LakeResource, models: ModelsResource
) -> Iterator[Any]:
    """What each customer who bought before is expected to buy and spend in the next 56 days.

    With an interval that holds eight customers of ten. By the law of purchases (BG/NBD with
    Gamma-Gamma), or by boosted trees where these were better on a week that neither had seen. Of a
    week that is not the newest nothing is trained, unless it is chosen alone.
    """
    # Imported here: MLflow takes seconds, and definitions load without it.
    from amazing_assets.churn.revenue.charts import value_by_tenth  # noqa: PLC0415  Altair
    from amazing_assets.churn.revenue.week import value_of_week  # noqa: PLC0415

    tables, week = lake.open(), context.partition_key
    if not has_landed(tables, week):
        yield from nothing_landed(VALUE)
        return
    newest = newest_week(tables.months("clean_events"))
    with plain_failures():
        found = value_of_week(
            tables,
            models.of(VALUE_MODEL),
            WEEKLY.as_of(week),
            is_trained=week == newest or is_asked_for(context),
        )
    metadata: Metadata = {
        "customers": found.rows.height,
        "answers": found.answers,
        "version": found.version,
        "why": found.sentence,
        "expected revenue": float(found.rows["expected_revenue"].sum()),
    }
    if found.evaluation.height:
        metadata["on the week that judged"] = table(found.evaluation)
    if found.rows.height:
        metadata["revenue by tenths"] = picture(value_by_tenth(found.rows))
    yield from audited(VALUE, CustomerValue, found.rows, metadata)
