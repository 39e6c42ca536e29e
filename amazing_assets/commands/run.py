"""`amazing run`: months through Dagster in this terminal, and what they came to."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from amazing_assets.cadence import MONTHLY
from amazing_assets.commands.account import account_of
from amazing_assets.commands.arguments import Json, Months, months_of
from amazing_assets.commands.execution import execute_planned
from amazing_assets.commands.landed import (
    Landed,
    landed_files,
    refuse_nothing,
    refuse_other_months,
    unread_lines,
)
from amazing_assets.commands.new import News, news
from amazing_assets.commands.outcome import Rows, months_outcome, remarks, segments_outcome
from amazing_assets.commands.terminal import (
    print_json,
    print_line,
    print_rows,
    program,
    tell,
)
from amazing_assets.defs.resources.stores import open_lake, open_warehouse
from amazing_assets.lake.sides import side_of
from amazing_assets.landing.zone import LandingError
from amazing_assets.places import SCHEMA, Server
from amazing_assets.runs.execute import models_that_last
from amazing_assets.runs.instance import open_instance
from amazing_assets.runs.plan import PlannedRun, plan, plan_new
from amazing_assets.runs.stale import READ_FROM_FILES
from amazing_assets.runs.survey import Survey
from amazing_assets.segments.naming.given import given_names
from amazing_assets.settings import Settings, load_settings
from amazing_assets.warehouse.warehouse import copy_of

ALL_LANDED = (
    "All months that have landed are made; `amazing run --new` makes only what changed since."
)

_NEW = "Make only what its files or inputs changed for, and say what and why."


def run(
    *,
    months: Months | None = None,
    new: Annotated[bool, Parameter(help=_NEW, negative="")] = False,
    select: Annotated[
        str, Parameter(help="As in the web UI: +key:user_features, group:events.")
    ] = "*",
    json: Json = False,
) -> None:
    """Materialize months through Dagster: all that have landed, or those given.

    With --new only what its files or inputs changed for.

    A model is trained where there is none, or when it is selected by name.
    """
    settings = load_settings()
    asked = months_of(months) if months else None
    refuse_other_months(settings, asked or ())
    landed = landed_for(settings, asked, new=new)
    for line in unread_lines(landed):
        tell(line)
    if new:
        found = news_of(settings, landed, asked, select)
        for line in found.lines:
            (tell if json else print_line)(line)
        made, told = found.months, found.rows
        run_new(settings, found)
    else:
        if not asked:
            tell(ALL_LANDED)
        made, told = asked or landed.months, {}
        run_months(settings, made, select)
    account = account_of(settings, landed, made)
    if json:
        print_json({**told, **outcome_of(settings, made), **account.rows})
    elif made:
        tell_outcome(settings, outcome_of(settings, made))
    for line in () if json else account.lines():
        print_line(line)


def landed_for(settings: Settings, asked: Sequence[str] | None, *, new: bool) -> Landed:
    """Return what has landed, as far as a run needs it.

    Raises:
        CommandError: No month was asked for, and none has landed.
        LandingError: The landing zone is missing or cannot be listed.
    """
    try:
        landed = landed_files(settings)
    except LandingError:
        # Of months that were named, what is selected may need no file.
        if asked and not new:
            return Landed({})
        raise
    # Of months that were read before something may be to make although their files are gone.
    lake = settings.lake
    if not asked and not (new and side_of(lake).published(lake / READ_FROM_FILES, MONTHLY)):
        refuse_nothing(settings, landed)
    return landed


def news_of(
    settings: Settings, landed: Landed, asked: Sequence[str] | None, selection: str
) -> News:
    """Return what is not made of what there is now.

    Raises:
        UsageError: The selection is not understood.
    """
    with open_instance(settings) as instance:
        return news(Survey(settings, instance, landed.signatures), selection, asked)


def run_new(settings: Settings, found: News) -> None:
    """Materialize what is not made of what there is now.

    Raises:
        RunFailedError: A run failed.
    """
    if found.cells:
        with open_instance(settings) as instance:
            execute_planned(plan_new(found.cells), instance)


def run_months(
    settings: Settings,
    months: Sequence[str],
    selection: str,
    *,
    retrain: bool = False,
    adapted: Callable[[list[PlannedRun]], list[PlannedRun]] = list,
) -> None:
    """Materialize a selection of assets in some months, with progress.

    Args:
        settings: Of the home.
        months: As `2019-10`.
        selection: As in the web UI.
        retrain: Whether models are trained that need not be.
        adapted: Makes of the planned runs what is executed; nothing else, unless it is given.

    Raises:
        UsageError: The selection is not understood.
        RunFailedError: A run failed.
    """
    is_asked = retrain or selection != "*"
    planned = plan(months, selection, without=() if is_asked else models_that_last(settings))
    with open_instance(settings) as instance:
        execute_planned(adapted(planned), instance)


def outcome_of(settings: Settings, months: Sequence[str]) -> dict[str, Rows]:
    """Return what the lake and the warehouse hold of some months, as titled tables."""
    lake = open_lake(settings)
    return {
        "Months": months_outcome(lake, months),
        "Segments": segments_outcome(
            open_warehouse(settings.warehouse, tell=tell),
            months,
            given_names(settings.artifacts),
        ),
    }


def tell_outcome(
    settings: Settings, found: Mapping[str, Rows], *, as_json: bool = False, opened_by: str = "dev"
) -> None:
    """Print tables, and for a person where they lie and which command opens the web UI on them."""
    print_rows(found, as_json=as_json)
    if as_json:
        return
    for remark in remarks(found["Segments"]):
        print_line(remark)
    opens = f"[bold]{program()} {opened_by}[/bold] opens the web UI"
    Console(soft_wrap=True).print(
        f"\nLake {settings.lake}\nWarehouse {_opened(settings.warehouse)}\n"
        f"{opens}: every asset, month and figure is there.",
        highlight=False,
    )


def _opened(warehouse: Path | Server) -> str:
    """What a person opens to see the tables."""
    if isinstance(warehouse, Server):
        return f"{warehouse} (schema {warehouse.schema})"
    return f"{copy_of(warehouse)} (schema {SCHEMA})"
