"""`amazing classify`: segment and next action of the customers of any events, without a server."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
from cyclopts import Parameter

from amazing_assets.commands.arguments import CommandError, Json
from amazing_assets.commands.models import NO_MODEL
from amazing_assets.commands.terminal import print_json, print_line, print_table, tell
from amazing_assets.defs.resources.stores import open_lake
from amazing_assets.delivery.classification.champions import ChampionStores
from amazing_assets.delivery.classification.classify import Classifier
from amazing_assets.delivery.classification.events import (
    read_events,
    reference_date,
    under_shop_ids,
)
from amazing_assets.delivery.classification.stopped import Stopped
from amazing_assets.delivery.classification.surroundings import surroundings
from amazing_assets.errors import UsageError, quoted
from amazing_assets.lake.key import key_of_lake
from amazing_assets.landing.zone import LandedFile
from amazing_assets.next_actions.vocabulary import ACTIONS
from amazing_assets.settings import Settings, load_settings, pseudonym_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from amazing_assets.delivery.classification.champions import Champions

_OUT = "Where all that is known of each is written: .csv, .parquet or .json, by its ending."
_DATE = "Reference date, as 2020-01-01: events of earlier days count; else all of them do."

# Of more customers a screen shows some, a file all.
_SHOWN = 20

_WRITERS: dict[str, Callable[..., object]] = {
    ".csv": pl.DataFrame.write_csv,
    ".parquet": pl.DataFrame.write_parquet,
    ".json": pl.DataFrame.write_ndjson,
}


def classify(
    events_file: Path,
    *,
    out: Annotated[Path | None, Parameter(help=_OUT)] = None,
    date: Annotated[str | None, Parameter(help=_DATE)] = None,
    json: Json = False,
) -> None:
    """Tell segment and next action of the customers of any events, by the models in use."""
    if out is not None and out.suffix not in _WRITERS:
        raise UsageError(f"{quoted(out)} ends in none of {', '.join(_WRITERS)}; name it so.")
    settings, at = load_settings(), day_of(date)
    champions = champions_of(settings)
    answers = _answers(settings, champions, events_file, at)
    if out is not None:
        # Opened here: whatever writes it, what cannot be written is one and the same sentence.
        with out.open("wb") as file:
            _WRITERS[out.suffix](answers, file)
        print_line(f"{answers.height:,} customers: {out}")
    elif json:
        print_json({"Customers": answers.to_dicts()})
    else:
        _show(answers)


def day_of(text: str | None) -> date | None:
    """Return a reference date as it was given.

    Raises:
        UsageError: It is none.
    """
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a day
    except ValueError:
        raise UsageError(f"{quoted(text)} is no day; write it like 2020-01-01.") from None


def champions_of(settings: Settings) -> Champions:
    """Return the models in use.

    Raises:
        CommandError: There is no segment model yet.
    """
    return champion_stores(settings).read()


def champion_stores(settings: Settings) -> ChampionStores:
    """Return where the models are.

    Raises:
        CommandError: There is none yet.
    """
    if not settings.has_model_store:
        raise CommandError(NO_MODEL)
    return ChampionStores.of(settings.mlflow_tracking_uri, settings.artifacts)


def _answers(
    settings: Settings, champions: Champions, events_file: Path, at: date | None
) -> pl.DataFrame:
    if not events_file.is_file():
        raise CommandError(f"There is no file {quoted(events_file, 200)}; name one of events.")
    key = key_of_lake(settings.lake, settings.key_file, pseudonym_key())
    read, count = read_events(LandedFile.at(events_file), key)
    if not count.is_readable:
        raise CommandError(f"{count.summary}: nobody was classified.")
    if count.rejected:
        tell(f"{count.summary}.")
    lake = open_lake(settings)
    lent = surroundings(lake, reference_date(read.events, at))
    away = Stopped.of(lake.root, key).among(read.ids["user_id"])
    stopped = read.ids.filter(pl.col("user_id").is_in(away.implode()))["pseudonym"]
    return under_shop_ids(Classifier(champions, lent).classify(read.events, stopped), read.ids)


def _show(answers: pl.DataFrame) -> None:
    shown = answers.head(_SHOWN)
    likely = shown.select(pl.concat_list(ACTIONS).list.arg_max()).to_series()
    rows = [
        (str(row["user_id"]), row["name_en"], row["margin"], "" if n is None else ACTIONS[n])
        for row, n in zip(shown.iter_rows(named=True), likely, strict=True)
    ]
    when = f", as of {answers['as_of'][0]}" if rows else ""
    print_table(f"Customers{when}", ("user_id", "segment", "margin", "likeliest next action"), rows)
    if answers.height > _SHOWN:
        print_line(f"{answers.height - _SHOWN:,} more; --out FILE holds all of them.")
