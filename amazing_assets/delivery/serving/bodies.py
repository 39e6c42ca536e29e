"""The body of a request as events: JSON or CSV, packed or not; what is at fault is named."""

from __future__ import annotations

import io
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl
from pydantic import ValidationError

from amazing_assets.delivery.classification.events import NoReferenceError, reference_date
from amazing_assets.delivery.classification.prepared import Prepared
from amazing_assets.delivery.serving.problems import ProblemError, field_of, said
from amazing_assets.delivery.serving.schemas import FIELDS, ClassifyRequest, Event
from amazing_assets.events.contract import EventType, RawEvents
from amazing_assets.events.reading.blocks import read_blocks
from amazing_assets.events.reading.formats import what_it_is
from amazing_assets.events.reading.grammar import cents, moment
from amazing_assets.events.reading.header import EXPECTED
from amazing_assets.events.reading.read import read_lines
from amazing_assets.events.reading.tally import WANTED
from amazing_assets.lake.contract import schema_of
from amazing_assets.landing.zone import LandedFile, LandingError

if TYPE_CHECKING:
    from datetime import date

    from amazing_assets.delivery.serving.limits import Limits

JSON, CSV = "application/json", "text/csv"

_RAW = schema_of(RawEvents)
# How values are held before they are read.
_SENT: dict[str, Any] = {
    "event_time": pl.String,
    "event_type": EventType,
    "product_id": pl.Int64,
    "category_id": pl.Int64,
    "category_code": pl.String,
    "brand": pl.String,
    "price": pl.Float64,
    "user_id": pl.Int64,
    "user_session": pl.String,
}

# A gzip stream, as zlib is told.
_GZIP = 16 + zlib.MAX_WBITS


class Asked(NamedTuple):
    """What a request asks for.

    Attributes:
        events: `RawEvents` by the shop's own ids, for as long as it takes to answer.
        reference_date: The date that was given, or the day after the last event.
    """

    events: pl.DataFrame
    reference_date: date


def unpacked(body: bytes, encoding: str, limits: Limits) -> bytes:
    """Return a body as it was before it was packed.

    Raises:
        ProblemError: It is packed otherwise than with gzip, damaged, or too large unpacked.
    """
    if encoding in {"", "identity"}:
        return body
    if encoding != "gzip":
        raise ProblemError(415, "Only gzip is understood as a Content-Encoding; pack it so.")
    stream = zlib.decompressobj(_GZIP)
    try:
        text = stream.decompress(body, limits.body_bytes + 1)
    except zlib.error:
        raise ProblemError(400, "The body is no gzip stream; pack it again.") from None
    if len(text) > limits.body_bytes:
        raise too_large(limits)
    if not stream.eof or stream.unused_data:
        raise ProblemError(400, "The gzip stream of the body is cut off, or goes on after its end.")
    return text


def too_large(limits: Limits) -> ProblemError:
    """Return the problem of a body of too many bytes."""
    return ProblemError(
        413, f"A body has at most {limits.body_bytes:,} bytes, unpacked; send several requests."
    )


def read_body(body: bytes, kind: str, at: date | None, limits: Limits) -> Asked:
    """Return what a body asks for.

    Args:
        body: Unpacked.
        kind: Its media type.
        at: The reference date, where the address names one.
        limits: What is refused.

    Raises:
        ProblemError: It is no such body, or a field of it is at fault.
    """
    if kind == JSON:
        events, within = _of_json(body, limits)
        at = within or at
    elif kind == CSV:
        events = _of_csv(body)
    else:
        raise ProblemError(415, f"A body is {JSON} or {CSV}; say so in its Content-Type.")
    _refuse_too_many(events, limits)
    try:
        return Asked(events, reference_date(events, at))
    except NoReferenceError as error:
        field = "reference_date" if at else "events"
        faults = [{"field": field, "detail": str(error)}]
        raise ProblemError(422, "There is no reference date.", faults) from None


def _refuse_too_many(events: pl.DataFrame, limits: Limits) -> None:
    for name, number, most in (
        ("events", events.height, limits.events),
        ("customers", events["user_id"].n_unique(), limits.customers),
    ):
        if number > most:
            detail = f"A request has at most {most:,} {name}; send several."
            raise ProblemError(413, detail, [{"field": "events", "detail": detail}])


def _of_json(body: bytes, limits: Limits) -> tuple[pl.DataFrame, date | None]:
    try:
        asked = ClassifyRequest.model_validate_json(body)
    except ValidationError as error:
        faults = [
            {"field": field_of(fault["loc"], FIELDS), "detail": said(fault)}
            for fault in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        is_json = error.errors()[0]["type"] != "json_invalid"
        detail = "The body does not keep the contract." if is_json else "The body is no JSON."
        raise ProblemError(422 if is_json else 400, detail, faults) from None
    if len(asked.events) > limits.events:
        raise ProblemError(413, f"A request has at most {limits.events:,} events; send several.")
    columns = {name: [getattr(each, name) for each in asked.events] for name in Event.model_fields}
    return _typed(columns), asked.reference_date


def _typed(columns: dict[str, list[Any]]) -> pl.DataFrame:
    """Events of values that are of the right kinds; what they say is judged as of landed files.

    Words for nothing are left to the cleaning, which knows them as well.
    """
    read = _reading().run(sent=pl.DataFrame(columns, schema=_SENT))
    unread = {
        "event_time": (read["event_time"].is_null(), "unparsable_time"),
        "price": (read.drop_in_place("is_unread_price"), "price_out_of_bounds"),
    }
    faults = [
        {"field": f"events.{row}.{name}", "detail": _sentence(reason)}
        for name, (rows, reason) in unread.items()
        if rows.any()
        for row in rows.arg_true()
    ]
    if faults:
        raise ProblemError(422, "Some fields hold no value that is understood.", faults)
    return read


@cache
def _reading() -> Prepared:
    def query(sent: pl.LazyFrame) -> pl.LazyFrame:
        price = pl.col("price")
        read = sent.with_columns(moment("event_time"), cents(price).alias("price_cents"))
        is_unread = price.is_not_null() & pl.col("price_cents").is_null()
        return read.select(*_RAW.names(), is_unread_price=is_unread)

    return Prepared(query, sent=pl.Schema(_SENT))


def _of_csv(body: bytes) -> pl.DataFrame:
    found = what_it_is(body[:65_536])
    if found:
        raise ProblemError(415, f"The body is {found.name}; {found.remedy}.")
    file = LandedFile("body", len(body), (), lambda: io.BufferedReader(io.BytesIO(body)))
    kept = [pl.DataFrame(schema=_RAW)]
    try:
        for block in read_blocks(file):
            rows = read_lines(block, None)
            _refuse_lines(rows.rejected)
            kept.append(rows.kept)
    except LandingError:
        # Its own sentence quotes the file, in which customers stand.
        raise ProblemError(
            422, f"The body is no CSV of events; its first line is {EXPECTED}, and lines follow."
        ) from None
    return pl.concat(kept)


def _refuse_lines(rejected: pl.DataFrame) -> None:
    faults = [
        {"field": f"line {number}", "detail": _sentence(reason)}
        for number, reason in rejected.select("line_number", "reason").iter_rows()
    ]
    if faults:
        raise ProblemError(422, "Some lines are no events.", faults)


def _sentence(reason: str) -> str:
    wanted = WANTED[reason]
    return f"{wanted[0].upper()}{wanted[1:]}."
