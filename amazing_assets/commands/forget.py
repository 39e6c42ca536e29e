"""`amazing forget`: customers disappear, everywhere and for good, and it is proven."""

import sys
from pathlib import Path
from typing import Annotated

import dagster as dg
from cyclopts import Parameter

from amazing_assets.commands.arguments import CommandError, Json
from amazing_assets.commands.run import run_months
from amazing_assets.commands.terminal import (
    print_json,
    print_line,
    print_table,
    program,
    progress,
    tell,
)
from amazing_assets.defs.resources.privacy import privacy_resource
from amazing_assets.defs.resources.stores import models_resource, open_lake
from amazing_assets.defs.triggers.erased import Settlement, model_stores, with_histories
from amazing_assets.errors import UsageError, quoted
from amazing_assets.lake.key import key_of_lake
from amazing_assets.lake.table import Lake
from amazing_assets.privacy.erasure import Erased, ask, erase
from amazing_assets.privacy.inbox import waiting_in
from amazing_assets.privacy.people import ids_in, known_ids
from amazing_assets.privacy.request import read_request
from amazing_assets.privacy.stores import Stores
from amazing_assets.runs.instance import open_instance
from amazing_assets.settings import Settings, load_settings, pseudonym_key

FILE = (
    "A file with one customer id a line; - reads standard input, which no list of processes shows."
)

_TRAINED = "key:segment_model or key:next_action_model or key:churn_models"


def forget(
    *user_ids: int,
    file: Annotated[str | None, Parameter(help=FILE, allow_leading_hyphen=True)] = None,
    json: Json = False,
) -> None:
    """Make customers disappear from every table, list and log, for good, and prove it.

    By the shop's own ids. Arguments can be seen in a list of processes: `--file -` reads ids from
    standard input, one a line. Whoever waits in the folder of requests is forgotten as well.
    """
    settings = load_settings()
    waiting = waiting_in(settings.requests)
    asked = known_ids([*user_ids, *(ids_of_file(file) if file else ()), *waiting.ids()])
    if not asked and not read_request(settings.home).ids:
        raise UsageError(
            "Name at least one customer id, such as `amazing forget 541312140`, or a --file of "
            "them; nobody waits to be forgotten."
        )
    lake = open_lake(settings)
    key = key_of_lake(settings.lake, settings.key_file, pseudonym_key())
    stores = privacy_resource(settings).open(lake, tell)
    ask(stores, asked, key)
    with open_instance(settings) as instance:
        done = forgotten(settings, stores, instance, key)
    waiting.remove()
    tell_outcome(done, as_json=json)
    retrain(settings, lake, done)


def ids_of_file(file: str) -> list[int]:
    """Return the customer ids of a file, or of standard input.

    Raises:
        CommandError: The file cannot be read.
        UsageError: A line is no customer id.
    """
    if file == "-":
        return ids_in(sys.stdin.read(), "standard input")
    try:
        return ids_in(Path(file).read_text(errors="replace"), quoted(file))
    except OSError as error:
        raise CommandError(
            f"{quoted(file, 200)} cannot be read ({quoted(error.strerror)}); name a file with one "
            f"customer id a line."
        ) from None


def forgotten(settings: Settings, stores: Stores, instance: dg.DagsterInstance, key: str) -> Erased:
    """Forget everybody who asked, with progress.

    Raises:
        ErasureError: A run is under way, or somebody is still found; the request stays open.
    """
    models = models_resource(settings)
    settlement = Settlement.beginning(instance, model_stores(models))
    everything = with_histories(stores, instance, models)
    with progress() as bar:
        task = bar.add_task("Looking", total=None)

        def advance(step: int, steps: int, text: str) -> None:
            bar.update(task, description=text, completed=step, total=steps)

        done = erase(everything, key, settlement, advance)
    if done is None:
        raise CommandError("Somebody else has just forgotten them; the ledger has the proof.")
    return done


def tell_outcome(done: Erased, *, as_json: bool) -> None:
    """Print what was taken out, and the proof; nobody is named."""
    if as_json:
        print_json({"Forgotten": [done.account]})
        return
    rows = [(table, number) for table, number in done.by_table.items()]
    if rows:
        print_table("Taken out", ("table", "rows"), rows)
    who = "1 customer" if done.customers == 1 else f"{done.customers:,} customers"
    print_line(
        f"{who} forgotten: looked for anew in lake, warehouse, lists, models, logs and history, "
        f"found 0 times. The ledger keeps the proof. Copies that left the home are not reached."
    )
    if rows:
        print_line(
            f"Figures of crowds that they were part of are made again by `{program()} run --new`."
        )


def retrain(settings: Settings, lake: Lake, done: Erased) -> None:
    """Train models anew where the settings want it; else the next training is enough."""
    months = lake.months("user_features")
    if settings.retrains_at_once and done.rows and months:
        run_months(settings, months[-1:], _TRAINED, retrain=True)
