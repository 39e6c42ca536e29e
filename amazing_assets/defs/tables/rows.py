"""How the rows of a month's files are accounted for: kept or rejected, and why."""

import dagster as dg
import polars as pl

from amazing_assets.defs.tables.metadata import Metadata, table
from amazing_assets.events.reading.ingest import Ingested

ACCOUNTED = "every_row_is_accounted_for"
READABLE = "month_is_mostly_readable"


def row_checks(found: Ingested) -> list[dg.AssetCheckResult]:
    """Return whether all rows are accounted for, and whether most could be read."""
    figures = {"rows": found.rows, "kept": found.kept, "rejected": found.rejected}
    return [
        dg.AssetCheckResult(
            asset_key="raw_events", check_name=name, passed=passed, metadata=figures
        )
        for name, passed in ((ACCOUNTED, found.is_complete), (READABLE, found.is_readable))
    ]


def refusal(month: str, found: Ingested) -> str:
    """Return the sentence that refuses a month of mostly rejects."""
    worst = next(iter(found.reasons), "none")
    return (
        f"{month}: {found.rejected:,} of {found.rows:,} rows were rejected, most as {worst}; "
        f"check the files {', '.join(file.file for file in found.files)}."
    )


def file_metadata(found: Ingested) -> Metadata:
    """Return what is shown of the files that were read."""
    return {
        "rows in files": found.rows,
        "rows rejected": found.rejected,
        "files": table(pl.DataFrame([vars(file) for file in found.files])),
        "warnings": list(found.warnings),
    }


def reject_metadata(found: Ingested) -> Metadata:
    """Return why rows were rejected, and how many."""
    rows = {"reason": list(found.reasons), "rows": list(found.reasons.values())}
    return {"reasons": table(pl.DataFrame(rows))}
