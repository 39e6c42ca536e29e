"""A home whose customers did, in three months, what a known law says."""

import numpy as np
import polars as pl

from amazing_assets.dates import first_day
from amazing_assets.defs.resources.stores import ModelsResource
from amazing_assets.demo.actions import law_of_personas, live_actions
from amazing_assets.events.contract import CleanEvents
from amazing_assets.lake.contract import schema_of
from amazing_assets.next_actions.contract import ActionSequences
from amazing_assets_tests.defs.homes import Home

MONTHS = ("2019-10", "2019-11", "2019-12")


def lived(folder, customers=80):
    home = Home(folder)
    home.resources["models"] = ModelsResource(
        tracking_uri=f"sqlite:///{folder}/mlflow.db", artifacts=str(folder / "artifacts")
    )
    rng = np.random.default_rng(0)
    steps = live_actions(rng, law_of_personas(rng, customers, "real"), 92)
    at = pl.from_epoch(pl.col("at"), time_unit="s")
    for month in MONTHS:
        began = pl.lit(first_day(month)).cast(pl.Datetime("us"))
        rows = (
            steps.filter(at.dt.strftime("%Y-%m") == month)
            .group_by("user_id", maintain_order=True)
            .agg(
                actions=pl.col("action"),
                seconds=(at - began).dt.total_seconds().cast(pl.Int32),
                repeats=pl.col("repeats").cast(pl.Int16),
                first_session=pl.lit(f"{month}, first"),
                last_session=pl.lit(f"{month}, last"),
                is_bot_suspect=pl.lit(value=False),
            )
        )
        write(home, "action_sequences", month, (ActionSequences, rows))
        write(
            home, "clean_events", month, (CleanEvents, pl.DataFrame(schema=schema_of(CleanEvents)))
        )
    return home


def write(home, table, month, told):
    contract, rows = told
    with home.lake.draft(table, month, contract) as draft:
        draft.add(rows, "rows")
        draft.complete()
        draft.publish()
