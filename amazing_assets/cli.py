"""The command `amazing`: parse, call, print.

Exit status 0 done, 1 failed with one sentence on stderr, 2 wrong usage.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, CycloptsError, Parameter
from rich.console import Console

from amazing_assets import __version__
from amazing_assets.commands import (
    CommandError,
    folder_of_demo,
    generate_world,
    ids_of,
    landed_months,
    model_store,
    planted_dirt,
    run_months,
    tell_champion,
    tell_outcome,
    tell_versions,
)
from amazing_assets.dates import is_month, month_of, months_between
from amazing_assets.errors import PlainError
from amazing_assets.settings import SettingsError, load_settings, pseudonym_key
from amazing_assets.terminal import print_json, print_line, print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    generate_world(to, customers, _range(months), seed, difficulty, dialect)
    truth = planted_dirt(to)
    if json:
        print_json(truth)
    else:
        print_table(
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
    wanted = _range(months) if months else landed_months(settings)
    run_months(settings, wanted, select)
    tell_outcome(settings, wanted, as_json=json)


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
    landing = folder_of_demo(settings)
    generate_world(landing, customers, wanted, seed, difficulty, "multicat")
    run_months(settings, wanted, "*", retrain=True)
    tell_outcome(settings, wanted, as_json=json, with_truth=True)


@app.command
def dev(
    *, port: Annotated[int, Parameter(help="Of the web UI, on this machine only.")] = 3000
) -> None:
    """Run the web UI, the daemon and the sensors until Ctrl-C: files that land are processed."""
    from amazing_assets.runs.dev import serve  # noqa: PLC0415  Dagster takes a second to import

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
    from amazing_assets.delivery.report import tables  # noqa: PLC0415  altair, 1 s
    from amazing_assets.delivery.report.printing import files  # noqa: PLC0415  altair, 1 s
    from amazing_assets.warehouse.duckdb import latest_month  # noqa: PLC0415  polars, duckdb

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
        print_json({"Report": rows})
        return
    # Lines, not a table: a path that is folded into a column cannot be copied.
    for file in written:
        pages = f", {file.pages} pages" if file.pages else ""
        print_line(f"{file.language} {file.kind}{pages}: {file.path}")


@app.command
def models(*, json: Json = False) -> None:
    """Print every version of the segment model: which assigns customers, what was decided, why."""
    store = model_store(load_settings())
    from amazing_assets.models.versions import versions  # noqa: PLC0415  MLflow, seconds
    from amazing_assets.segments.registered import FACTS  # noqa: PLC0415  as above

    tell_versions([version.row for version in versions(store, FACTS)], as_json=json)


@app.command
def approve(
    version: str,
    *,
    by: Annotated[str, Parameter(help="Name of the person who agrees; it is kept.")],
) -> None:
    """Let a version that waits for a person assign customers, although many change segment."""
    store = model_store(load_settings())
    from amazing_assets.models import versions  # noqa: PLC0415  as above

    versions.approve(version, by, store)
    tell_champion(version)


@app.command
def rollback(version: str) -> None:
    """Let an older version of the segment model assign customers again."""
    store = model_store(load_settings())
    from amazing_assets.models import versions  # noqa: PLC0415  as above

    versions.promote(version, store)
    tell_champion(version)


@app.command
def pseudonym(
    *user_ids: int,
    file: Annotated[Path | None, Parameter(help="A file with one customer id a line.")] = None,
    json: Json = False,
) -> None:
    """Print the key that customers have in the lake and the warehouse."""
    from amazing_assets.pseudonym import pseudonym_of, read_key  # noqa: PLC0415  polars, 0.1 s

    known = (*user_ids, *(ids_of(file) if file else ()))
    if not known:
        raise CommandError("Name at least one customer id, or a --file of them.")
    key = pseudonym_key() or read_key(load_settings().key_file)
    found = {str(user_id): pseudonym_of(user_id, key) for user_id in known}
    if json:
        print_json(found)
    else:
        print_table("", ("user_id", "pseudonym"), [(u, str(p)) for u, p in found.items()])


def _range(text: str) -> tuple[str, ...]:
    first, _, last = text.partition(":")
    last = last or first
    if not (is_month(first) and is_month(last) and first <= last):
        raise CommandError(f"{text} is no range of months; write it like 2019-10:2020-04.")
    return months_between(first, last)


def _plain_errors() -> tuple[type[Exception], ...]:
    """The errors that are whole sentences; a module that was never imported raised none."""
    known: list[type[Exception]] = [PlainError, CommandError, SettingsError]
    for module, name in (
        ("amazing_assets.lake.storage", "LakeError"),
        ("amazing_assets.landing.zone", "LandingError"),
        ("amazing_assets.defs.runs", "RunFailedError"),
    ):
        if module in sys.modules:
            known.append(getattr(sys.modules[module], name))
    return tuple(known)
