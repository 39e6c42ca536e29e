"""`amazing report`: the report on the segments of a month."""

import webbrowser
from typing import Annotated

from cyclopts import Parameter

from amazing_assets.commands.arguments import CommandError, Json, one_month
from amazing_assets.commands.landed import refuse_other_months
from amazing_assets.commands.terminal import print_json, print_line, tell
from amazing_assets.dates import month_of
from amazing_assets.defs.resources.stores import open_warehouse
from amazing_assets.delivery.report import tables
from amazing_assets.delivery.report.printing import files
from amazing_assets.errors import UsageError, quoted
from amazing_assets.language.language import LANGUAGES
from amazing_assets.segments.naming.given import given_names
from amazing_assets.settings import load_settings
from amazing_assets.warehouse.current import CurrentTables


def report(
    *,
    month: Annotated[str | None, Parameter(help="As 2019-10; the latest if not given.")] = None,
    language: Annotated[str | None, Parameter(help="Such as fr; all if not given.")] = None,
    open: Annotated[  # noqa: A002  what a person types
        bool, Parameter(help="Show it in the browser.", negative="")
    ] = False,
    json: Json = False,
) -> None:
    """Write the report on the segments of a month, as a page on the web and a document."""
    if language is not None and language not in LANGUAGES:
        raise UsageError(f"The report is not written in {language}; use {', '.join(LANGUAGES)}.")
    settings = load_settings()
    if month is not None:
        refuse_other_months(settings, (one_month(month),))
    warehouse = open_warehouse(settings.warehouse, tell=tell)
    latest = warehouse.latest("segment_profiles")
    wanted = month or (month_of(latest) if latest else None)
    found = (
        tables.read_tables(warehouse, wanted, given_names(settings.artifacts)) if wanted else None
    )
    if found is None:
        _refuse_earlier(warehouse)
        when = f"in {month}" if month else "yet"
        raise CommandError(
            f"Nobody has been assigned to a segment {when}; `amazing run "
            f"--months {month or '2019-10'}` does it."
        )
    languages = [language] if language else list(LANGUAGES)
    written = files.write_files(found, settings.reports, languages)
    if open and not webbrowser.open(written[0].path.as_uri()):
        raise CommandError(
            f"No browser could be opened; the report is {quoted(written[0].path, 400)}."
        )
    rows = [{"month": wanted, **file._asdict(), "path": str(file.path)} for file in written]
    if json:
        print_json({"Report": rows})
        return
    # Lines, not a table: a path that is folded into a column cannot be copied.
    for file in written:
        pages = f", {file.pages} pages" if file.pages else ""
        print_line(f"{file.language} {file.document} {file.kind}{pages}: {file.path}")


def _refuse_earlier(warehouse: CurrentTables) -> None:
    """Say so, where there are profiles, but with the columns of an earlier version."""
    if others := warehouse.other_columns("segment_profiles"):
        raise CommandError(
            f"The segments were profiled by an earlier version of the platform, whose table had "
            f"other columns ({', '.join(others[:4])}); `amazing run` makes them again."
        )
