"""The asset of the erasures: customers who asked are forgotten, everywhere and for good."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from amazing_assets.defs.progress import logged
from amazing_assets.defs.resources.privacy import PrivacyResource
from amazing_assets.defs.resources.stores import LakeResource, LandingResource, ModelsResource
from amazing_assets.defs.tables.publish import failing_plainly, plain_failures
from amazing_assets.defs.triggers.erased import Settlement, model_stores, with_histories
from amazing_assets.privacy.erasure import ask, erase
from amazing_assets.privacy.inbox import waiting_in

NOBODY_IS_LEFT = "nobody_is_left"


@dg.asset(
    group_name="privacy",
    kinds={"polars"},
    owners=["team:data-protection"],
    check_specs=[
        dg.AssetCheckSpec(
            NOBODY_IS_LEFT,
            asset="erasures",
            description="Looked for anew in every store, no erased customer is found.",
        )
    ],
)
@failing_plainly
def erasures(
    context: dg.AssetExecutionContext,
    lake: LakeResource,
    landing: LandingResource,
    privacy: PrivacyResource,
    models: ModelsResource,
) -> Iterator[Any]:
    """Forgets customers who asked for it: all whose requests lie there, in one pass.

    Their rows leave every table, list and log, files that are read again do not bring them back,
    and the ledger keeps the proof without naming anybody. The files of the requests are deleted.
    """
    tables = lake.open()
    stores = with_histories(privacy.open(tables, context.log.warning), context.instance, models)
    with plain_failures():
        key, waiting = landing.admit(tables.root), waiting_in(privacy.requests)
        ask(stores, waiting.ids(), key)
        settlement = Settlement.beginning(
            context.instance, model_stores(models), context.run.run_id
        )
        done = erase(stores, key, settlement, logged(context))
        waiting.remove()
    account = done.account if done else {}
    yield dg.MaterializeResult(asset_key="erasures", metadata=dict[str, Any](account))
    yield dg.AssetCheckResult(
        asset_key="erasures",
        check_name=NOBODY_IS_LEFT,
        passed=True,
        metadata={"found afterwards": 0},
    )
