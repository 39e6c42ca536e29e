"""`amazing audience`: a segment's customers for a campaign, and what the campaign brought."""

from pathlib import Path
from typing import Annotated

import polars as pl
from cyclopts import Parameter

from amazing_assets.commands.arguments import CommandError, Json, one_month
from amazing_assets.commands.landed import refuse_other_months
from amazing_assets.commands.terminal import print_json, print_line, print_table, tell
from amazing_assets.dates import first_day
from amazing_assets.defs.resources.stores import open_lake, open_warehouse
from amazing_assets.delivery.lists.audience import (
    FEWEST,
    Effect,
    done_in,
    effects,
    month_after,
    read_ids,
    with_own_ids,
)
from amazing_assets.delivery.lists.audience import (
    audience as customers_of,
)
from amazing_assets.delivery.lists.files import FORMS, content, write_bytes
from amazing_assets.errors import UsageError, quoted
from amazing_assets.lake.key import key_of_lake
from amazing_assets.language.language import LANGUAGES
from amazing_assets.segments.naming.codes import NAME_COLUMNS, Name
from amazing_assets.segments.naming.given import given_names
from amazing_assets.segments.naming.words import plainly_called
from amazing_assets.settings import Settings, load_settings, pseudonym_key
from amazing_assets.warehouse.warehouse import read_month

# Of the customers; beyond half a campaign would reach fewer than it leaves out.
_MOST_HELD_OUT = 50

_IDS = "A CSV of the shop's own ids, column user_id: the audience then has these, and nobody else."
_OUT = "A .csv or .parquet file; by default in the folder of the lists."


def audience(  # noqa: PLR0913  each is an option
    segment: str,
    *,
    month: Annotated[str, Parameter(help="As 2020-04: the segments at its end.")],
    ids: Annotated[Path | None, Parameter(help=_IDS)] = None,
    holdout: Annotated[
        float | None, Parameter(help="Percent who are held out; AMAZING_HOLDOUT if not given.")
    ] = None,
    out: Annotated[Path | None, Parameter(help=_OUT)] = None,
    json: Json = False,
) -> None:
    """Write a segment's customers for a campaign, with a lasting hold-out; tell what came of it."""
    settings = load_settings()
    refuse_other_months(settings, (one_month(month),))
    share = _share(settings, holdout)
    form = _form(out)
    assignments = _assigned(settings, month)
    code = code_of(settings, assignments, segment)
    found = customers_of(assignments, code, month, share)
    written = found
    if ids is not None:
        key = key_of_lake(settings.lake, settings.key_file, pseudonym_key())
        written = with_own_ids(found, read_ids(ids), key)
    place, name = (
        (str(out.absolute().parent), out.name)
        if out
        else (settings.lists, f"audiences/{month}-{code}.csv")
    )
    file = write_bytes(place, name, content(written, form))
    told = read_back(settings, found, month)
    held = int(written["is_holdout"].sum())
    if json:
        rows = {"segment": code, "customers": written.height, "held_out": held, "file": file}
        print_json({"Audience": [rows], "Read-back": [each._asdict() for each in told]})
        return
    print_line(
        f"{written.height:,} customers, {held:,} of whom are held out and must not be contacted: "
        f"{file}"
    )
    for line in read_back_lines(told, month):
        print_line(line)
    if told and told[0].difference is not None:
        print_table("", Effect._fields, told)


def code_of(settings: Settings, assignments: pl.DataFrame, segment: str) -> str:
    """Return the code of a segment, by whatever a person calls it: code, name, or number.

    Raises:
        UsageError: No segment of the month is called so.
    """
    given = given_names(settings.artifacts)
    rows = assignments.select("segment", *NAME_COLUMNS).drop_nulls("segment").unique()
    known: dict[str, str] = {}
    for number, *held in rows.sort("segment").iter_rows():
        name = Name.of(*held)
        words = [plainly_called(name, language) for language in LANGUAGES.values()]
        if number in given:
            words += [given[number].word(language) for language in LANGUAGES.values()]
        known |= {word.casefold(): name.code for word in (str(number), name.code, *words)}
    if segment.casefold() not in known:
        listed = ", ".join(dict.fromkeys(known.values()))
        raise UsageError(
            f"No segment of the month is called {quoted(segment)}; there are {listed}."
        )
    return known[segment.casefold()]


def read_back(settings: Settings, customers: pl.DataFrame, month: str) -> list[Effect]:
    """Return what the audience did in the month after; nothing while that has not landed."""
    lake, after = open_lake(settings), month_after(month)
    if after not in lake.months("sessions"):
        return []
    return effects(customers, done_in(lake, after))


def read_back_lines(told: list[Effect], month: str) -> list[str]:
    """Return what is said of the read-back before its figures."""
    after = month_after(month)
    if not told:
        return [f"What a campaign brings can be told once {after} has landed: ask again then."]
    first = told[0]
    if first.difference is None:
        return [
            (
                f"What came of it in {after} cannot be told: {first.contacted:,} customers could "
                f"be contacted and {first.held_out:,} were held out, {FEWEST} of each are wanted."
            )
        ]
    return [
        (
            f"{after}: who could be contacted against who was held out, from the first Tuesday on; "
            f"an interval that holds 0 may be chance."
        )
    ]


def _share(settings: Settings, holdout: float | None) -> float:
    if holdout is None:
        return settings.holdout
    if not 0 <= holdout <= _MOST_HELD_OUT:
        raise UsageError(
            f"--holdout {holdout:g} is not accepted; give percent from 0 to {_MOST_HELD_OUT}."
        )
    return holdout / 100


def _form(out: Path | None) -> str:
    form = "csv" if out is None else out.suffix.removeprefix(".")
    if form not in FORMS:
        raise UsageError(f"{quoted(out)} is no name of a list; end it in .csv or .parquet.")
    return form


def _assigned(settings: Settings, month: str) -> pl.DataFrame:
    warehouse = open_warehouse(settings.warehouse, tell=tell)
    found = read_month(warehouse, "segment_assignments", first_day(month))
    if found is None:
        raise CommandError(
            f"Nobody has been assigned to a segment in {month}; `amazing run --months {month}` "
            f"does it."
        )
    return found
