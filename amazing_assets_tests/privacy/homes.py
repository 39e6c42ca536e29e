"""A home of one month with planted customers, and the passes that take them out of it."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from amazing_assets.defs.assets import customers, events
from amazing_assets.defs.assets.next_actions.sequences import action_sequences
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.privacy.stores import Stores
from amazing_assets.pseudonym import pseudonym_of, pseudonyms, read_key
from amazing_assets_tests.defs.homes import SHARDS, Home
from amazing_assets_tests.privacy.planted import IDS, OTHERS, deliver, deliver_contacts

MONTH = "2019-10"

# What is made of a month's events without plots.
ASSETS = [
    events.landed_events,
    events.clean_events,
    customers.sessions,
    customers.user_products,
    customers.price_book,
    customers.user_features,
    customers.contacts,
    action_sequences,
]


def built(folder, ids=IDS):
    """A home in which the month was made, scored, listed and told of in a log."""
    home = Home(folder)
    deliver(home.landing, MONTH, ids)
    deliver_contacts(home.landing, MONTH, ids)
    assert home.materialize(MONTH, ASSETS).success
    known = pseudonyms(pl.Series([*ids, *OTHERS]), key_of(folder))
    scores = known.select(
        user_id="pseudonym",
        week=date(2019, 10, 15),
        task=pl.lit("pause"),
        probability=0.5,
        reason_1=pl.lit("away_high"),
        reason_2=pl.lit(None, pl.String),
        reason_3=pl.lit(None, pl.String),
        model_version=pl.lit("1"),
    )
    with duckdb.connect(str(home.warehouse)) as warehouse:
        warehouse.execute("create schema if not exists amazing")
        warehouse.register("scores", scores.to_arrow())
        warehouse.execute("create table amazing.churn_scores as select * from scores")
    lists = folder / "reports" / "contact_lists" / "2019-10-22"
    lists.mkdir(parents=True)
    scores.write_csv(lists / "pause.csv")
    scores.write_parquet(lists / "pause.parquet")
    (folder / "logs").mkdir()
    (folder / "logs" / "fault.txt").write_text(f"customer {pseudonym_of(ids[0], key_of(folder))}")
    return folder


def copy_of(home, folder):
    shutil.copytree(home, folder, symlinks=True)
    return folder


def key_of(home):
    return read_key(Path(home) / "pseudonym.key")


def stores_of(home):
    home = Path(home)
    return Stores(
        home,
        Lake(home / "lake", SHARDS, LocalEngine()),
        home / "warehouse.duckdb",
        str(home / "reports" / "contact_lists"),
        (home / "landing", home / "requests"),
    )


def table(home, name):
    frame = stores_of(home).lake.scan(name, MONTH).collect()
    lists = [each for each, kind in frame.schema.items() if kind.base_type() is pl.List]
    return frame.sort(pl.all().exclude(lists))


def begun_like(home, folder):
    """A home with the files, the key and the models of another, of which nothing is made yet."""
    begun = folder / "home"
    begun.mkdir()
    for name in ("landing", "artifacts"):
        shutil.copytree(home / name, begun / name)
    for name in ("pseudonym.key", "mlflow.db"):
        shutil.copy(home / name, begun)
    return begun
