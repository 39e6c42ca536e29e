"""`amazing view`: the single customer view of some markets at any dates."""

from collections.abc import Sequence
from datetime import date as Date  # noqa: N812  the option is named date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from amazing_assets.commands.arguments import CommandError, Json
from amazing_assets.commands.terminal import print_json, print_line, progress, tell
from amazing_assets.customers.features.families import Family
from amazing_assets.customers.view.files import Asked, ViewFile, write_views
from amazing_assets.customers.view.history import history_task, past_of
from amazing_assets.customers.view.view import FETCHERS, month_before, segments_for
from amazing_assets.dates import as_of, first_day
from amazing_assets.defs.environment import calendar_of
from amazing_assets.defs.resources.stores import open_lake, open_warehouse
from amazing_assets.errors import UsageError, quoted
from amazing_assets.lake.table import Lake
from amazing_assets.settings import Settings, all_markets, load_settings, settings_of
from amazing_assets.warehouse.warehouse import read_month

# Beyond it a machine does nothing but change from one to the other.
_MOST_WORKERS = 256

_DATES = "A reference date such as 2019-11-05: only events before it count. May be repeated."
_OUT = "Folder of a file a market and date; by default `views` in the home."


def view(  # noqa: PLR0913  each is an option
    *markets: str,
    date: Annotated[list[str], Parameter(name=("--date", "-d"), help=_DATES, negative="")],
    workers: Annotated[
        int, Parameter(name=("--workers", "-w"), help="Shards worked on at the same time.")
    ] = 2,
    families: Annotated[
        str | None, Parameter(help="Such as activity,money; all if not given.")
    ] = None,
    out: Annotated[Path | None, Parameter(help=_OUT)] = None,
    format: Annotated[  # noqa: A002  as it is typed
        Literal["parquet", "csv"], Parameter(help="Of the files.")
    ] = "parquet",
    json: Json = False,
) -> None:
    """Write all that is known of every customer at any dates: the single customer view."""
    wanted = known_markets(markets)
    if not 1 <= workers <= _MOST_WORKERS:
        raise UsageError(
            f"--workers {workers} is not accepted; use a number from 1 to {_MOST_WORKERS}."
        )
    chosen = known_families(families)
    written = []
    # What is no date of one of them is said before anything is written.
    days = [known_dates(open_lake(settings), date) for settings in wanted]
    for settings, known in zip(wanted, days, strict=True):
        folder = (out or settings.home / "views") / settings.market
        written += write(settings, known, Asked(settings.market, chosen, workers, folder, format))
    if json:
        print_json({"Views": [told(file) for file in written]})
    for file in () if json else written:
        print_line(
            f"{file.market} {file.reference_date}: {file.customers:,} customers, {file.path}"
        )
    refuse_failed(written)


def known_markets(names: Sequence[str]) -> list[Settings]:
    """Return the settings of the markets that are asked for; none: of all.

    Raises:
        UsageError: One is not a market of this home.
    """
    settings = load_settings()
    known = all_markets() or (settings.market,)
    for name in names:
        if name not in known:
            raise UsageError(
                f"There is no market {quoted(name)} in this home; name {', '.join(known)}, or "
                f"none for all."
            )
    wanted = tuple(dict.fromkeys(names)) or known
    return [settings if name == settings.market else settings_of(name) for name in wanted]


def known_families(text: str | None) -> dict[str, Family]:
    """Return the families that are asked for, by name; None: all.

    Raises:
        UsageError: One is unknown.
    """
    if text is None:
        return dict(FETCHERS)
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in FETCHERS:
            raise UsageError(
                f"There is no family {quoted(name)} of the customer view; choose from "
                f"{', '.join(FETCHERS)}."
            )
    return {name: FETCHERS[name] for name in names}


def known_dates(lake: Lake, texts: Sequence[str]) -> list[Date]:
    """Return the reference dates that are asked for, each once, ascending.

    Raises:
        CommandError: The home has no events.
        UsageError: One is no date, or lies outside the events.
    """
    months = lake.months("clean_events")
    if not months:
        raise CommandError("This home has no events yet; `amazing run` reads what has landed.")
    first, last = first_day(months[0]), as_of(months[-1])
    days = set()
    for text in texts:
        try:
            day = Date.fromisoformat(text)
        except ValueError:
            raise UsageError(f"{quoted(text)} is no date; write it like 2019-11-05.") from None
        if not first < day <= last:
            raise UsageError(
                f"{day} lies outside the data of this home, which has events from {first} until "
                f"before {last}; give a date after the first and up to the second."
            )
        days.add(day)
    return sorted(days)


def write(settings: Settings, days: Sequence[Date], asked: Asked) -> list[ViewFile]:
    """Write the views of a market, with progress."""
    lake = open_lake(settings)
    warehouse = open_warehouse(settings.warehouse, tell=tell)
    calendar = calendar_of(asked.market)
    with progress() as bar:
        task = bar.add_task("Preparing", total=len(days) * (1 + lake.shards))
        histories, segments = {}, {}
        for day in days:
            bar.update(task, description=f"{asked.market} {day}: history")
            histories[day] = history_task(lake, past_of(lake, day), settings.time_zone, calendar)
            month = first_day(month_before(day))
            segments[day] = segments_for(read_month(warehouse, "segment_assignments", month))
            bar.advance(task)

        def advance(day: Date) -> None:
            bar.update(task, description=f"{asked.market} {day}: customers", advance=1)

        return write_views(lake, histories, segments, asked, advance)


def told(file: ViewFile) -> dict[str, object]:
    """Return what a program is told of a file."""
    return {**file._asdict(), "path": str(file.path), "failed": dict(file.failed)}


def refuse_failed(written: Sequence[ViewFile]) -> None:
    """Name the families that failed, once everything else is written.

    Raises:
        CommandError: One did.
    """
    failed = {name: said for file in written for name, said in file.failed.items()}
    if failed:
        name, said = next(iter(failed.items()))
        others = f", and {', '.join([*failed][1:])} failed as well" if len(failed) > 1 else ""
        raise CommandError(f"Everything was written but the family {quoted(name)}{others}: {said}")
