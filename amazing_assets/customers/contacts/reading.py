"""Contacts as they land: typed, by pseudonym, every row that is none counted with its reason."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.customers.contacts.contract import Contacts
from amazing_assets.dates import trailing_months
from amazing_assets.errors import quoted
from amazing_assets.lake.contract import schema_of
from amazing_assets.landing.zone import LandingError
from amazing_assets.pseudonym import pseudonyms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amazing_assets.lake.left_out import Erased
    from amazing_assets.lake.table import Lake
    from amazing_assets.landing.zone import LandedFile

COLUMNS = ("user_id", "contacted_at", "campaign")

UNKNOWN = "unknown_customer"

# Counted, and no mistake of whoever delivered the file.
ERASED = "erased_customer"

# What lies behind the last column of a line that has more.
_MORE = "more"

_TIMES = ("%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S")


class ReadContacts(NamedTuple):
    """What the files of a month hold.

    Attributes:
        rows: `Contacts` of anybody, known to the lake or not.
        rejected: How many rows were left out for each reason.
    """

    rows: pl.DataFrame
    rejected: Mapping[str, int]


def read_contacts(
    files: Iterable[LandedFile], month: str, key: str, erased: Erased | None = None
) -> ReadContacts:
    """Return the contacts in the files of a month.

    Args:
        files: The landed files of the month's contacts.
        month: The month, as `2019-10`.
        key: The pseudonym key.
        erased: The customers whose contacts are not kept; None: nobody.

    Raises:
        LandingError: A file has another header.
    """
    lines = pl.concat(map(_lines, files)).with_columns(_typed()).with_columns(reason=_reason(month))
    rejected = lines.filter(pl.col("reason").is_not_null()).group_by("reason").len()
    kept = lines.filter(pl.col("reason").is_null()).select(
        pl.col("id").alias("user_id"), pl.col("at").alias("contacted_at"), "campaign"
    )
    told = dict(rejected.sort("reason").iter_rows())
    remaining = erased.without(kept) if erased else kept
    if suppressed := kept.height - remaining.height:
        told[ERASED] = suppressed
    known = pseudonyms(remaining["user_id"], key)
    rows = remaining.join(known, on="user_id").with_columns(user_id="pseudonym").unique()
    return ReadContacts(
        rows.select(schema_of(Contacts).names()).sort("user_id", "contacted_at", "campaign"),
        told,
    )


def of_known(found: ReadContacts, customers: pl.DataFrame) -> ReadContacts:
    """Return the contacts of customers whom the lake knows; the others are counted.

    Args:
        found: The contacts of a month.
        customers: Column `user_id`.
    """
    rows = found.rows.join(customers, on="user_id", how="semi", maintain_order="left")
    unknown = found.rows.height - rows.height
    return ReadContacts(rows, {**found.rejected, **({UNKNOWN: unknown} if unknown else {})})


def customers_of_history(lake: Lake, month: str) -> pl.DataFrame:
    """Return the customers with an event in the seven months that end with a month."""
    known = set(lake.months("clean_events"))
    events = lake.scan("clean_events", *(m for m in trailing_months(month) if m in known))
    return events.select(pl.col("user_id").unique()).collect(engine="streaming")


def _lines(file: LandedFile) -> pl.DataFrame:
    with file.open() as text:
        content = text.read()
    first, _, rest = content.partition(b"\n")
    names = next(csv.reader([first.decode("utf-8-sig", errors="replace").strip()]), [])
    if sorted(names) != sorted(COLUMNS):
        raise LandingError(
            f"{quoted(file.name)} has a wrong header, {quoted(','.join(names))}; its first line "
            f"must be {','.join(COLUMNS)}."
        )
    schema = dict.fromkeys([*names, _MORE], pl.String)
    if not rest.strip():
        return pl.DataFrame(schema=schema).select(*COLUMNS, _MORE)
    # Under a header with one column more: what lies in it is too much, and is seen.
    header = ",".join(schema).encode()
    found = pl.read_csv(
        header + b"\n" + rest, schema=schema, truncate_ragged_lines=True, encoding="utf8-lossy"
    )
    return found.select(pl.col(*COLUMNS, _MORE).str.strip_chars())


def _typed() -> list[pl.Expr]:
    time = pl.col("contacted_at")
    parsed = [time.str.to_datetime(form, strict=False, time_unit="us") for form in _TIMES]
    day = time.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
    return [
        pl.col("user_id").cast(pl.Int64, strict=False).alias("id"),
        pl.coalesce(*parsed, day).dt.replace_time_zone("UTC").alias("at"),
    ]


def _reason(month: str) -> pl.Expr:
    """Why a line is no contact of the month; null: it is one."""
    is_empty = {name: pl.col(name).fill_null("") == "" for name in COLUMNS}
    return (
        pl.when(pl.col(_MORE).is_not_null())
        .then(pl.lit("too_many_fields"))
        .when(is_empty["user_id"])
        .then(pl.lit("missing_id"))
        .when(pl.col("id").is_null() | (pl.col("id") < 0))
        .then(pl.lit("unparsable_id"))
        .when(pl.col("at").is_null())
        .then(pl.lit("unparsable_time"))
        .when(pl.col("at").dt.strftime("%Y-%m") != month)
        .then(pl.lit("outside_month"))
        .when(is_empty["campaign"])
        .then(pl.lit("missing_campaign"))
    )
