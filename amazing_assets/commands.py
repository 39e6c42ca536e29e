"""What commands do, once it is known what was asked: generate a world, run months, tell of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from amazing_assets.dates import first_day
from amazing_assets.settings import pseudonym_key
from amazing_assets.terminal import print_rows, progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amazing_assets.lake.table import Lake
    from amazing_assets.models.store import ModelStore
    from amazing_assets.runs.code import Step
    from amazing_assets.settings import Settings

# Made where there is no model yet, or when selected by name.
TRAINED = ("event_threshold", "segment_model")

# Assets that describe the champion and are no part of its training.
DESCRIBING = "key:segment_rules or key:segment_candidates"

NO_MODEL = "There is no segment model yet; `amazing run` trains the first."


class CommandError(Exception):
    """A command cannot do what it was asked; the message is the sentence to print."""


def generate_world(  # noqa: PLR0913, PLR0917  the options of a world
    to: Path, customers: int, months: Sequence[str], seed: int, difficulty: str, dialect: str
) -> None:
    """Write the files of a world into a folder, with progress."""
    from amazing_assets.demo.world import WorldSettings, generate  # noqa: PLC0415  numpy, polars

    days = tuple(first_day(month) for month in months)
    world = WorldSettings(customers, days, seed, difficulty, dialect)  # type: ignore[arg-type]
    with progress() as bar:
        task = bar.add_task("Generating", total=len(months))

        def advance(month: str, rows: int) -> None:
            text = f"Generating {month}, {rows:,} rows"
            bar.update(task, completed=months.index(month), description=text)

        generate(to, world, advance)
        bar.update(task, completed=len(months))


def run_months(
    settings: Settings, months: Sequence[str], selection: str, *, retrain: bool = False
) -> None:
    """Materialize a selection of assets in some months, with progress.

    Raises:
        RunFailedError: A run failed.
    """
    # Dagster takes a second to import.
    from amazing_assets.runs.execute import execute, has_champion  # noqa: PLC0415
    from amazing_assets.runs.instance import open_instance  # noqa: PLC0415
    from amazing_assets.runs.plan import plan, steps_of  # noqa: PLC0415

    has_model = not retrain and selection == "*" and has_champion(settings)
    planned = plan(months, selection, without=TRAINED if has_model else ())
    with progress() as bar, open_instance(settings) as instance:
        task = bar.add_task("Starting", total=steps_of(planned))

        def advance(step: Step) -> None:
            text = " ".join(filter(None, (step.month, step.name)))
            bar.update(task, description=text, advance=1 if step.is_over else 0)

        execute(planned, instance, advance)


def tell_outcome(
    settings: Settings, months: Sequence[str], *, as_json: bool, with_truth: bool = False
) -> None:
    """Print what the lake and the warehouse hold of some months."""
    from amazing_assets.delivery.outcome import (  # noqa: PLC0415  polars, duckdb
        months_outcome,
        segments_outcome,
    )
    from amazing_assets.lake.engine import LocalEngine  # noqa: PLC0415  as above
    from amazing_assets.lake.table import Lake  # noqa: PLC0415  as above

    lake = Lake(settings.lake, settings.shards, LocalEngine())
    found: dict[str, list[dict[str, object]]] = {
        "Months": months_outcome(lake, months),
        "Segments": segments_outcome(settings.warehouse, months),
    }
    if with_truth:
        found["Agreement with the planted truth"] = agreement(settings, lake, months[-1])
    print_rows(found, as_json=as_json)
    if as_json:
        return
    console = Console()
    console.print(
        f"\nLake {settings.lake}\nWarehouse {settings.warehouse} (schema amazing)\n"
        "[bold]make dev[/bold] opens the web UI: every asset, month and figure is there.",
        highlight=False,
    )


def agreement(settings: Settings, lake: Lake, month: str) -> list[dict[str, object]]:
    """Return how well the segments of a demo agree with the personas that were planted."""
    from amazing_assets.demo.agreement import agreements  # noqa: PLC0415  scikit-learn
    from amazing_assets.pseudonym import read_key  # noqa: PLC0415  polars

    truth = Path(settings.landing) / "truth" / "customers.parquet"
    key = pseudonym_key() or read_key(settings.key_file)
    return agreements(truth, lake, settings.warehouse, month, key)


def landed_months(settings: Settings) -> tuple[str, ...]:
    """Return the months of which files have landed.

    Raises:
        CommandError: There is none.
    """
    from amazing_assets.defs.resources.stores import (  # noqa: PLC0415  Dagster, as above
        landing_resource,
    )

    months = tuple(landing_resource(settings).open().months())
    if not months:
        raise CommandError(
            f"No event file has landed in {settings.landing}; put one there under a name such as "
            "2019-Oct.csv.gz, or try `amazing demo`."
        )
    return months


def folder_of_demo(settings: Settings) -> Path:
    """Return where a demo may write its files.

    Raises:
        CommandError: It is a bucket, or holds files that no demo wrote.
    """
    if settings.landing.startswith("s3://"):
        raise CommandError(
            f"A demo writes its files into a folder, not into {settings.landing}; unset "
            "AMAZING_LANDING."
        )
    landing = Path(settings.landing)
    if landing.is_dir() and any(landing.glob("*.csv*")) and not (landing / "truth").is_dir():
        raise CommandError(
            f"{landing} holds event files that no demo wrote; set AMAZING_HOME to another folder."
        )
    return landing


def ids_of(file: Path) -> list[int]:
    """Return the customer ids in a file.

    Raises:
        CommandError: It cannot be read, or holds something else.
    """
    try:
        return [int(line) for line in file.read_text().split()]
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} is no file of whole numbers, one a line: {error}") from None


def planted_dirt(folder: Path) -> dict[str, dict[str, int]]:
    """Return how many rows of each month were written, and how many of them can be kept."""
    months: dict[str, dict[str, int]] = json.loads((folder / "truth" / "dirt.json").read_text())
    return months


def model_store(settings: Settings) -> ModelStore:
    """Return where the versions of the segment model are.

    Raises:
        CommandError: There is no version yet.
    """
    if not settings.has_model_store:
        raise CommandError(NO_MODEL)
    from amazing_assets.models.store import ModelStore  # noqa: PLC0415  numpy, polars
    from amazing_assets.segments.registered import SEGMENT_MODEL  # noqa: PLC0415  as above

    artifacts = settings.artifacts.as_uri()
    return ModelStore(settings.mlflow_tracking_uri, artifacts, SEGMENT_MODEL)


def tell_versions(found: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    """Print the versions of the segment model, then in sentences why and by whom it was decided.

    Raises:
        CommandError: There is none.
    """
    if not found:
        raise CommandError(NO_MODEL)
    title = "Versions of the segment model"
    if as_json:
        print_rows({title: found}, as_json=True)
        return
    in_words = ("approved_by", "reasons")
    columns = [{k: v for k, v in row.items() if k not in in_words} for row in found]
    print_rows({title: columns}, as_json=False)
    console = Console(soft_wrap=True)
    for row in found:
        approved = f"approved by {row['approved_by']}." if row["approved_by"] else ""
        said = " ".join(filter(None, (row["reasons"], approved)))
        if said:
            console.print(f"Version {row['version']}: {said}", highlight=False, markup=False)


def tell_champion(version: str) -> None:
    """Print which version is the champion now, and what does not follow by itself."""
    Console(soft_wrap=True).print(
        f"Version {version} assigns customers from now on. Months already assigned stay as they "
        "are.\nWhat describes the model is made again by\n"
        f"  amazing run --select '{DESCRIBING}'",
        highlight=False,
        markup=False,
    )
