"""`amazing rejects`: what was rejected of a month, and the lines to correct and deliver again."""

from pathlib import Path
from typing import Annotated

import polars as pl
from cyclopts import Parameter

from amazing_assets.commands.arguments import CommandError, Json, one_month
from amazing_assets.commands.correction import next_part, reasons_file, write_correction
from amazing_assets.commands.landed import landed_files, refuse_other_months
from amazing_assets.commands.rejected import example_rows, reason_rows, rejects_lines
from amazing_assets.commands.terminal import print_json, print_line, program
from amazing_assets.defs.resources.stores import landing_resource, open_lake
from amazing_assets.defs.triggers.provenance import files_signature
from amazing_assets.errors import UsageError, quoted
from amazing_assets.events.rejects import Rejects, rejected_lines, rejects_of
from amazing_assets.lake.table import Lake
from amazing_assets.landing.arrivals import signature_of
from amazing_assets.landing.zone import LandedFile
from amazing_assets.runs.instance import open_instance
from amazing_assets.runs.stale import READ_FROM_FILES
from amazing_assets.settings import Settings, load_settings

_OUT = "A new .csv of these lines, to be corrected and delivered as another part of the month."


def rejects(
    *,
    month: Annotated[str, Parameter(help="As 2019-10.")],
    out: Annotated[Path | None, Parameter(help=_OUT)] = None,
    file: Annotated[str | None, Parameter(help="With --out: only lines of this file.")] = None,
    json: Json = False,
) -> None:
    """Print why rows of a month were rejected, or write their lines to a file for correction."""
    settings = load_settings()
    refuse_other_months(settings, (one_month(month),))
    lake = lake_with(settings, month)
    found = rejects_of(lake, month)
    files = [] if out is None else correct(settings, lake, month, out, file)
    if json:
        reasons, examples = reason_rows([found]), example_rows([found])
        print_json({"Rejected rows": reasons, "Examples": examples, "Files": files})
        return
    tell(found, month)
    for line in files_lines(settings, month, files):
        print_line(line)


def lake_with(settings: Settings, month: str) -> Lake:
    """Return the lake, which holds a month.

    Raises:
        CommandError: It does not.
    """
    lake = open_lake(settings)
    if month not in lake.months("rejected_events"):
        raise CommandError(
            f"{month} has not been read into this home; `amazing run --months {month}` does it, or "
            f"says why the month is refused."
        )
    return lake


def correct(settings: Settings, lake: Lake, month: str, out: Path, file: str | None) -> list[str]:
    """Write the rejected lines of a month to a file, and why to another; return their paths.

    Raises:
        UsageError: The file may not be there, or the month has no such rejects.
        CommandError: The landed files changed since they were read.
        LandingError: They cannot be read.
    """
    refuse_place(settings, out)
    rejected = rejected_lines(lake, month)
    if file is not None:
        rejected = rejected.filter(pl.col("file") == file)
    if rejected.is_empty():
        where = month if file is None else f"{quoted(file)} in {month}"
        raise CommandError(f"No row of {where} was rejected; there is nothing to correct.")
    write_correction(out, unchanged(settings, month), rejected)
    try:
        unchanged(settings, month)
    except CommandError:
        # Delivered anew while it was read: line numbers may be those of other lines.
        for written in (out, reasons_file(out)):
            written.unlink()
        raise
    return [str(out), str(reasons_file(out))]


def refuse_place(settings: Settings, out: Path) -> None:
    """Refuse a file that would be read as it is, or by nobody.

    Raises:
        UsageError: It would.
    """
    if out.suffix != ".csv":
        raise UsageError(f"{quoted(str(out))} is no name of a CSV file; end it in .csv.")
    if out.parent.resolve() == Path(settings.landing).resolve():
        raise UsageError(
            f"{quoted(str(out))} lies in the landing zone, where it would be read before it is "
            f"corrected; write it elsewhere, and put it there once it is."
        )


def unchanged(settings: Settings, month: str) -> dict[str, LandedFile]:
    """Return the files of a month by name, if they are those that were read.

    Raises:
        CommandError: They changed.
        LandingError: There is none, or the landing zone cannot be listed.
    """
    files = {file.name: file for file in landing_resource(settings).files_of(month)}
    with open_instance(settings) as instance:
        was_read = files_signature(instance, READ_FROM_FILES, month)
    if signature_of({name: file.version for name, file in files.items()}) != was_read:
        raise CommandError(
            f"The files of {month} in {settings.landing} are not those that were read, so that "
            f"line numbers may be those of other lines; `amazing run --new` reads them, then ask "
            f"again."
        )
    return files


def tell(found: Rejects, month: str) -> None:
    """Print what was rejected of a month, or that nothing was."""
    if not found.rejected:
        print_line(f"No row of {month} was rejected.")
        return
    for line in rejects_lines(found):
        print_line(line)


def files_lines(settings: Settings, month: str, files: list[str]) -> list[str]:
    """Return what to do with the files that were written, or which command writes them."""
    if not files:
        return []
    part = next_part(month, [file.name for file in landed_files(settings).files.get(month, ())])
    lines, reasons = files
    return [
        f"Lines to correct: {lines}",
        f"Why, line for line: {reasons}",
        f"Correct it, put it into {settings.landing} as {part}, start `{program()} run --new`.",
        "It holds customer ids: delete it then.",
    ]
