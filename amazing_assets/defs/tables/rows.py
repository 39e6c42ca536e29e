"""How the rows of a month's files are accounted for: kept or rejected, and why."""

from collections.abc import Sequence

import dagster as dg
import polars as pl

from amazing_assets.defs.tables.checks import blocking_check, warning_check, warning_result
from amazing_assets.defs.tables.metadata import Metadata, table
from amazing_assets.errors import quoted
from amazing_assets.events.reading.ingest import Ingested
from amazing_assets.events.reading.tally import FileCount
from amazing_assets.landing.names import say_unread

ACCOUNTED = "every_row_is_accounted_for"
READABLE = "every_file_is_mostly_readable"
FEW_REJECTED = "few_rows_are_rejected"
ALL_READ = "every_file_of_the_month_is_read"

CHECKS = (
    blocking_check(
        "raw_events",
        ACCOUNTED,
        "Rows in the files = rows kept + rows rejected + rows of erased customers.",
    ),
    blocking_check(
        "raw_events", READABLE, "Of every file less than half of the rows were rejected."
    ),
    warning_check(
        "raw_events", FEW_REJECTED, "Of every file, and of the month, less than 1 % is rejected."
    ),
    warning_check(
        "raw_events", ALL_READ, "No file is left out whose name begins like one of the month."
    ),
)

# Names of a table; a sentence shows fewer and counts all.
_NAMES = 100


def row_checks(found: Ingested) -> list[dg.AssetCheckResult]:
    """Return whether all rows are accounted for, and whether each file could be read."""
    figures = {
        "rows": found.rows,
        "kept": found.kept,
        "rejected": found.rejected,
        "suppressed": found.suppressed,
    }
    rejects = {"rejects": reject_table(found)} if found.rejected else {}
    return [
        dg.AssetCheckResult(
            asset_key="raw_events", check_name=ACCOUNTED, passed=found.is_complete, metadata=figures
        ),
        dg.AssetCheckResult(
            asset_key="raw_events",
            check_name=READABLE,
            passed=not found.unreadable,
            description="; ".join(file.summary for file in found.unreadable[:1]) or None,
            metadata={**figures, **rejects},
        ),
    ]


def row_warnings(found: Ingested, unread: Sequence[str], month: str) -> list[dg.AssetCheckResult]:
    """Return what a person should look at of a month, whether it is read or refused."""
    # A month has no larger share of rejects than the worst of its files.
    rejects = [file.summary for file in found.files if not file.has_few_rejects]
    names = [quoted(name) for name in unread[:_NAMES]]
    said = say_unread(unread, month) if unread else None
    return [
        warning_result("raw_events", FEW_REJECTED, _findings(rejects)),
        warning_result("raw_events", ALL_READ, _findings(names), said),
    ]


def _findings(what: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"what": what}, {"what": pl.String})


def refusal(month: str, found: Ingested) -> str:
    """Return the sentence that refuses a month, of which a file is mostly rejects."""
    if not found.unreadable:
        return (
            f"{month}: {found.rows:,} rows in the files are not {found.kept:,} kept, "
            f"{found.rejected:,} rejected and {found.suppressed:,} of erased customers; report "
            f"this, for rows must not be lost."
        )
    worst, *more = found.unreadable
    others = f", as of {len(more):,} more files" if more else ""
    return f"{month}: {worst.summary}{others}; correct the file and deliver it again."


def reject_table(found: Ingested) -> dg.TableMetadataValue | str:
    """Return why rows were rejected, how many of each file, and some of the lines, masked."""
    rows = [
        {
            "file": file.file,
            "reason": reason,
            "rows": file.reasons[reason],
            "line": example.line_number,
            "example": example.line,
        }
        for file in found.files
        for reason, examples in file.examples.items()
        for example in examples
    ]
    return table(pl.DataFrame(rows))


def file_metadata(found: Ingested, unread: Sequence[str]) -> Metadata:
    """Return what is shown of the files that were read, and of those that were not."""
    return {
        "rows in files": found.rows,
        "rows rejected": found.rejected,
        "rows of erased customers": found.suppressed,
        "words for nothing read as empty": found.words,
        "files": table(pl.DataFrame([_counts(file) for file in found.files])),
        "rejects": reject_table(found),
        "files that are not read": [quoted(name) for name in unread[:_NAMES]],
        "warnings": list(found.warnings),
    }


def _counts(file: FileCount) -> dict[str, str | int]:
    return {
        "file": file.file,
        "bytes": file.bytes,
        "rows": file.rows,
        "kept": file.kept,
        "rejected": file.rejected,
        "suppressed": file.suppressed,
        "words for nothing": file.words,
        "reasons": ", ".join(f"{reason} {rows:,}" for reason, rows in file.reasons.items()),
    }


def reject_metadata(found: Ingested) -> Metadata:
    """Return why rows were rejected, how many, and some of the lines."""
    rows = {"reason": list(found.reasons), "rows": list(found.reasons.values())}
    return {"reasons": table(pl.DataFrame(rows)), "rejects": reject_table(found)}
