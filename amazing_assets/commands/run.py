"""`amazing run`: months through Dagster in this terminal, and what they came to."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from amazing_assets.commands.arguments import CommandError, Json, Months, months_of
from amazing_assets.commands.outcome import Rows, months_outcome, remarks, segments_outcome
from amazing_assets.commands.terminal import print_line, print_rows, program, progress
from amazing_assets.dates import month_of
from amazing_assets.defs.resources.stores import landing_resource
from amazing_assets.errors import UsageError
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.runs.code import Step
from amazing_assets.runs.execute import execute, has_champion
from amazing_assets.runs.instance import open_instance
from amazing_assets.runs.plan import plan, steps_of
from amazing_assets.settings import Settings, load_settings
from amazing_assets.warehouse.duckdb import DuckDBWarehouse

# Made where there is no model yet, or when selected by name.
TRAINED = ("event_threshold", "segment_model")


def run(
    *,
    months: Months | None = None,
    select: Annotated[
        str, Parameter(help="As in the web UI: +key:user_features, group:events.")
    ] = "*",
    json: Json = False,
) -> None:
    """Materialize months through Dagster: all that have landed, or those given.

    The segment model is trained where there is none, or when it is selected by name.
    """
    settings = load_settings()
    wanted = months_of(months) if months else landed_months(settings)
    run_months(settings, wanted, select)
    tell_outcome(settings, outcome_of(settings, wanted), as_json=json)


def run_months(
    settings: Settings, months: Sequence[str], selection: str, *, retrain: bool = False
) -> None:
    """Materialize a selection of assets in some months, with progress.

    Raises:
        UsageError: A month is none of the home's, or the selection is not understood.
        RunFailedError: A run failed.
    """
    refuse_other_months(settings, months)
    has_model = not retrain and selection == "*" and has_champion(settings)
    planned = plan(months, selection, without=TRAINED if has_model else ())
    with progress() as bar, open_instance(settings) as instance:
        task = bar.add_task("Starting", total=steps_of(planned))

        def advance(step: Step) -> None:
            text = " ".join(filter(None, (step.month, step.name)))
            bar.update(task, description=text, advance=1 if step.is_over else 0)

        execute(planned, instance, advance)


def refuse_other_months(settings: Settings, months: Sequence[str]) -> None:
    """Refuse months before the first partition, and those that have not begun.

    Raises:
        UsageError: There is one.
    """
    first, running = settings.first_month, month_of(datetime.now(UTC).date())
    if months[0] < first:
        raise UsageError(
            f"{months[0]} lies before {first}, the first month of this home; set "
            f"AMAZING_FIRST_MONTH={months[0]} to begin there."
        )
    if months[-1] > running:
        raise UsageError(f"{months[-1]} has not begun; the last month that has is {running}.")


def landed_months(settings: Settings) -> tuple[str, ...]:
    """Return the months of which files have landed.

    Raises:
        CommandError: There is none.
    """
    months = tuple(landing_resource(settings).open().months())
    if not months:
        raise CommandError(
            f"No event file has landed in {settings.landing}; put one there under a name such as "
            "2019-Oct.csv.gz, or try `amazing demo`."
        )
    return months


def outcome_of(settings: Settings, months: Sequence[str]) -> dict[str, Rows]:
    """Return what the lake and the warehouse hold of some months, as titled tables."""
    lake = Lake(settings.lake, settings.shards, LocalEngine())
    return {
        "Months": months_outcome(lake, months),
        "Segments": segments_outcome(DuckDBWarehouse(settings.warehouse), months),
    }


def tell_outcome(
    settings: Settings, found: Mapping[str, Rows], *, as_json: bool, opened_by: str = "dev"
) -> None:
    """Print tables, and for a person where they lie and which command opens the web UI on them."""
    print_rows(found, as_json=as_json)
    if as_json:
        return
    for remark in remarks(found["Segments"]):
        print_line(remark)
    opens = f"[bold]{program()} {opened_by}[/bold] opens the web UI"
    Console(soft_wrap=True).print(
        f"\nLake {settings.lake}\nWarehouse {settings.warehouse} (schema amazing)\n"
        f"{opens}: every asset, month and figure is there.",
        highlight=False,
    )
