"""`amazing report`: the report on the segments of a month."""

from typing import Annotated, Literal

from cyclopts import Parameter

from amazing_assets.commands.arguments import CommandError, Json
from amazing_assets.commands.terminal import print_json, print_line
from amazing_assets.dates import is_month, month_of
from amazing_assets.delivery.report import tables
from amazing_assets.delivery.report.printing import files
from amazing_assets.errors import UsageError
from amazing_assets.settings import load_settings
from amazing_assets.warehouse.duckdb import DuckDBWarehouse


def report(
    *,
    month: Annotated[str | None, Parameter(help="As 2019-10; the latest if not given.")] = None,
    language: Annotated[
        Literal["fr", "en"] | None, Parameter(help="One language; both if not given.")
    ] = None,
    json: Json = False,
) -> None:
    """Write the report on the segments of a month, as a page on the web and a document."""
    if month is not None and not is_month(month):
        raise UsageError(f"{month} is no month; write it like 2019-10.")
    settings = load_settings()
    warehouse = DuckDBWarehouse(settings.warehouse)
    latest = warehouse.latest("segment_profiles")
    wanted = month or (month_of(latest) if latest else None)
    found = tables.read_tables(warehouse, wanted) if wanted else None
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
