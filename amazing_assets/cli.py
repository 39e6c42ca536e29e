"""The command `amazing`: parse, call, print.

Exit status 0 done, 1 failed with one sentence on stderr, 2 wrong usage.
"""

from __future__ import annotations

import json
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, CycloptsError, Parameter
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from amazing_assets import __version__
from amazing_assets.dates import first_day, is_month, month_of, months_between
from amazing_assets.settings import Settings, SettingsError, load_settings, pseudonym_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from amazing_assets.lake.table import Lake

app = App(
    name="amazing",
    help="From a marketplace's event files to customer knowledge.",
    version=__version__,
)

Months = Annotated[str, Parameter(help="A month, or a range such as 2019-10:2020-04.")]
Json = Annotated[bool, Parameter(help="Print JSON for programs.", negative="")]
Seed = Annotated[int, Parameter(help="The same seed makes the same world, byte by byte.")]
Difficulty = Annotated[
    Literal["easy", "real"], Parameter(help="Whether the personas are far apart or overlap.")
]


# Made where there is no model yet, or when selected by name.
TRAINED = ("event_threshold", "segment_model")


class CommandError(Exception):
    """A command cannot do what it was asked; the message is the sentence to print."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    errors = Console(stderr=True, soft_wrap=True)
    # Dagster's remarks on its own parameters help nobody who runs a command.
    warnings.filterwarnings("ignore", message=".* is currently in (beta|preview)")
    try:
        app(arguments, exit_on_error=False, print_error=True, error_console=errors)
    except CycloptsError:
        sys.exit(2)
    except _plain_errors() as error:
        errors.print(f"amazing: {error}", style="red", markup=False, highlight=False)
        sys.exit(1)
    sys.exit(0)


@app.command
def generate(  # noqa: PLR0913  the options of a world
    *,
    to: Annotated[Path, Parameter(help="Folder of the landing files.")],
    customers: int = 8_000,
    months: Months = "2019-10:2020-04",
    seed: Seed = 7,
    difficulty: Difficulty = "real",
    dialect: Literal["multicat", "cosmetics"] = "multicat",
    json: Json = False,
) -> None:
    """Write a small world's landing files and, beside them in `truth`, what is true in it."""
    _generate(to, customers, _range(months), seed, difficulty, dialect)
    truth = _dirt(to)
    if json:
        _print_json(truth)
    else:
        _print_table(
            f"Landing files in {to}",
            ("month", "rows", "to be kept", "to be rejected"),
            [
                (m, t["rows_written"], t["rows_kept"], t["rows_written"] - t["rows_kept"])
                for m, t in truth.items()
            ],
        )


@app.command
def run(
    *,
    months: Months | None = None,
    select: Annotated[str, Parameter(help="Dagster's selection syntax.")] = "*",
    json: Json = False,
) -> None:
    """Materialize months through Dagster: all that have landed, or those given.

    The segment model is trained where there is none, or when it is selected by name.
    """
    settings = load_settings()
    wanted = _range(months) if months else _landed(settings)
    _run(settings, wanted, select)
    _report(settings, wanted, as_json=json)


@app.command
def demo(
    *,
    customers: int = 8_000,
    months: Months = "2019-10:2020-04",
    seed: Seed = 7,
    difficulty: Difficulty = "real",
    json: Json = False,
) -> None:
    """Generate a small world, run everything on it, and say what was found."""
    settings, wanted = load_settings(), _range(months)
    landing = _folder_of_demo(settings)
    _generate(landing, customers, wanted, seed, difficulty, "multicat")
    _run(settings, wanted, "*", retrain=True)
    _report(settings, wanted, as_json=json, with_truth=True)


@app.command
def dev(
    *, port: Annotated[int, Parameter(help="Of the web UI, on this machine only.")] = 3000
) -> None:
    """Run the web UI, the daemon and the sensors until Ctrl-C: files that land are processed."""
    from amazing_assets.defs.dev import serve  # noqa: PLC0415  Dagster takes a second to import

    settings, console = load_settings(), Console(highlight=False, soft_wrap=True)

    def tell(address: str) -> None:
        console.print(f"Web UI [bold]{address}[/bold]   files land in {settings.landing}")
        console.print("Ctrl-C ends the web UI, the daemon and all runs.")

    console.print("Starting the web UI, the daemon and the sensors: some ten seconds.")
    serve(settings, port, tell)
    console.print("All of it has ended.")


@app.command
def report(
    *,
    month: Annotated[str | None, Parameter(help="As 2019-10; the latest if not given.")] = None,
    language: Annotated[
        Literal["fr", "en"] | None, Parameter(help="One language; both if not given.")
    ] = None,
    json: Json = False,
) -> None:
    """Write the report on the segments of a month, as a page on the web and a document."""
    settings = load_settings()
    if month is not None and not is_month(month):
        raise CommandError(f"{month} is no month; write it like 2019-10.")
    from amazing_assets.delivery.duckdb import latest_month  # noqa: PLC0415  polars, duckdb
    from amazing_assets.delivery.report import files, tables  # noqa: PLC0415  altair, 1 s

    latest = latest_month(settings.warehouse, "segment_profiles")
    wanted = month or (month_of(latest) if latest else None)
    found = tables.read_tables(settings.warehouse, wanted) if wanted else None
    if found is None:
        when = f"in {month}" if month else "yet"
        raise CommandError(
            f"Nobody has been assigned to a segment {when}; `amazing run "
            f"--months {month or '2019-10'}` does it."
        )
    written = files.write_files(found, settings.reports, [language] if language else ["fr", "en"])
    rows = [{"month": wanted, **file._asdict(), "path": str(file.path)} for file in written]
    if json:
        _print_json({"Report": rows})
    else:
        _print_table("Report", tuple(rows[0]), [tuple(row.values()) for row in rows])


@app.command
def pseudonym(
    *user_ids: int,
    file: Annotated[Path | None, Parameter(help="A file with one customer id a line.")] = None,
    json: Json = False,
) -> None:
    """Print the key that customers have in the lake and the warehouse."""
    from amazing_assets.pseudonym import pseudonym_of, read_key  # noqa: PLC0415  polars, 0.1 s

    known = (*user_ids, *(_ids_of(file) if file else ()))
    if not known:
        raise CommandError("Name at least one customer id, or a --file of them.")
    key = pseudonym_key() or read_key(load_settings().key_file)
    found = {str(user_id): pseudonym_of(user_id, key) for user_id in known}
    if json:
        _print_json(found)
    else:
        _print_table("", ("user_id", "pseudonym"), [(u, str(p)) for u, p in found.items()])


def _generate(  # noqa: PLR0913, PLR0917  the options of a world
    to: Path, customers: int, months: Sequence[str], seed: int, difficulty: str, dialect: str
) -> None:
    from amazing_assets.demo.world import WorldSettings, generate  # noqa: PLC0415  numpy, polars

    days = tuple(first_day(month) for month in months)
    world = WorldSettings(customers, days, seed, difficulty, dialect)  # type: ignore[arg-type]
    with _progress() as bar:
        task = bar.add_task("Generating", total=len(months))

        def advance(month: str, rows: int) -> None:
            text = f"Generating {month}, {rows:,} rows"
            bar.update(task, completed=months.index(month), description=text)

        generate(to, world, advance)
        bar.update(task, completed=len(months))


def _run(
    settings: Settings, months: Sequence[str], selection: str, *, retrain: bool = False
) -> None:
    from amazing_assets.defs import runs  # noqa: PLC0415  Dagster takes a second to import

    has_model = not retrain and selection == "*" and runs.has_champion(settings)
    planned = runs.plan(months, selection, without=TRAINED if has_model else ())
    with _progress() as bar, runs.open_instance(settings) as instance:
        task = bar.add_task("Starting", total=runs.steps_of(planned))

        def advance(step: runs.Step) -> None:
            text = " ".join(filter(None, (step.month, step.name)))
            bar.update(task, description=text, advance=1 if step.is_over else 0)

        runs.execute(planned, instance, advance)


def _report(
    settings: Settings, months: Sequence[str], *, as_json: bool, with_truth: bool = False
) -> None:
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
        found["Agreement with the planted truth"] = _agreement(settings, lake, months[-1])
    if as_json:
        _print_json(found)
        return
    for title, rows in found.items():
        if rows:
            _print_table(title, tuple(rows[0]), [tuple(row.values()) for row in rows])
    console = Console()
    console.print(
        f"\nLake {settings.lake}\nWarehouse {settings.warehouse} (schema amazing)\n"
        "[bold]make dev[/bold] opens the web UI: every asset, month and figure is there.",
        highlight=False,
    )


def _agreement(settings: Settings, lake: Lake, month: str) -> list[dict[str, object]]:
    from amazing_assets.demo.agreement import agreements  # noqa: PLC0415  scikit-learn
    from amazing_assets.pseudonym import read_key  # noqa: PLC0415  polars

    truth = Path(settings.landing) / "truth" / "customers.parquet"
    key = pseudonym_key() or read_key(settings.key_file)
    return agreements(truth, lake, settings.warehouse, month, key)


def _range(text: str) -> tuple[str, ...]:
    first, _, last = text.partition(":")
    last = last or first
    if not (is_month(first) and is_month(last) and first <= last):
        raise CommandError(f"{text} is no range of months; write it like 2019-10:2020-04.")
    return months_between(first, last)


def _landed(settings: Settings) -> tuple[str, ...]:
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


def _folder_of_demo(settings: Settings) -> Path:
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


def _ids_of(file: Path) -> list[int]:
    try:
        return [int(line) for line in file.read_text().split()]
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} is no file of whole numbers, one a line: {error}") from None


def _dirt(folder: Path) -> dict[str, dict[str, int]]:
    months: dict[str, dict[str, int]] = json.loads((folder / "truth" / "dirt.json").read_text())
    return months


def _plain_errors() -> tuple[type[Exception], ...]:
    """The errors that are whole sentences; a module that was never imported raised none."""
    known: list[type[Exception]] = [CommandError, SettingsError]
    for module, name in (
        ("amazing_assets.lake.storage", "LakeError"),
        ("amazing_assets.landing.zone", "LandingError"),
        ("amazing_assets.defs.runs", "RunFailedError"),
    ):
        if module in sys.modules:
            known.append(getattr(sys.modules[module], name))
    return tuple(known)


@contextmanager
def _progress() -> Iterator[Progress]:
    columns = (
        TextColumn("{task.description:<42}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        yield bar


def _print_json(found: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(found, indent=2, default=str) + "\n")


def _print_table(title: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    # Without borders eight columns of figures fit a terminal of 80.
    table = Table(
        title=f"\n{title}" if title else None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_edge=False,
    )
    for name, value in zip(names, rows[0] if rows else names, strict=True):
        table.add_column(
            name.replace("_", " "),
            justify="left" if isinstance(value, str) else "right",
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(f"{v:,}" if isinstance(v, int) else _shown(v) for v in row))
    Console().print(table)


def _shown(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else "" if value is None else str(value)
