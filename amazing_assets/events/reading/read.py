"""A block of lines as typed rows and, for every line that is none, the reason.

The parser is one and the same for all rows: lines that do not have nine fields are taken out
first, so that what becomes of a row never depends on its neighbours.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.events.contract import EventType, RawEvents, RejectedEvents
from amazing_assets.events.reading.grammar import cents, is_inside, moment, without_words
from amazing_assets.events.reading.quotes import as_csv
from amazing_assets.events.reading.reject import judge
from amazing_assets.lake.contract import schema_of
from amazing_assets.pseudonym import pseudonyms

if TYPE_CHECKING:
    from amazing_assets.events.reading.blocks import Block
    from amazing_assets.lake.left_out import Erased

_TYPES = {
    "product_id": pl.Int64,
    "category_id": pl.Int64,
    "price": pl.Float64,
    "user_id": pl.Int64,
}

_TEXTS = ("category_code", "brand", "user_session")

_KEPT, _REJECTED = schema_of(RawEvents), schema_of(RejectedEvents)
_NONE_JUDGED = pl.DataFrame(schema={**_REJECTED, "words": pl.Int64})


class Rows(NamedTuple):
    """What became of a block's lines: every line is kept, rejected, suppressed or blank.

    Attributes:
        kept: `RawEvents`, in the file's order.
        rejected: `RejectedEvents`.
        blank: Lines of nothing but white space, which are no rows.
        words: Words for nothing that were read as empty fields of kept rows.
        suppressed: Events of erased customers, which are counted and nowhere else.
    """

    kept: pl.DataFrame
    rejected: pl.DataFrame
    blank: int
    words: int
    suppressed: int = 0


def read_block(block: Block, month: str, key: str, erased: Erased | None = None) -> Rows:
    """Return a block's events, pseudonymised, and its rejected lines.

    Args:
        block: Whole lines of a landed file.
        month: The month that the file's name says, as `2019-10`.
        key: The pseudonym key.
        erased: The customers whose events are not kept; None: nobody.

    Raises:
        LandingError: The file's ids were destroyed by a spreadsheet.
    """
    rows = read_lines(block, month)
    kept = erased.without(rows.kept) if erased else rows.kept
    return rows._replace(
        kept=pseudonymised(kept, pseudonyms(kept["user_id"], key)),
        suppressed=rows.kept.height - kept.height,
    )


def read_lines(block: Block, month: str | None) -> Rows:
    """Return a block's events by the shop's own ids, which nobody may keep, and what is none.

    Args:
        block: Whole lines of a file.
        month: In which all events must lie, as `2019-10`; None: in any.

    Raises:
        LandingError: The file's ids were destroyed by a spreadsheet.
    """
    parsed = _parse_clean(block) if b'"' not in block.text else None
    if parsed is None:
        parsed = _parse_without_odd_lines(block)
    typed = parsed.with_columns(
        moment("event_time"),
        pl.col("event_type").cast(EventType, strict=False),
        price_cents=cents(pl.col("price")),
    ).with_columns(pl.when(is_inside(pl.col("event_time"), month)).then("event_time"))
    blank, lines = _doubtful_lines(typed, block)
    judged = judge(lines, block, month) if lines.height else _NONE_JUDGED
    rejected = judged.filter(pl.col("reason").is_not_null()).select(_REJECTED.names())
    words = int(judged.filter(pl.col("reason").is_null())["words"].sum())
    gone = pl.concat([rejected["line_number"], blank])
    good = typed.filter(~pl.col("line_number").is_in(gone.implode())) if gone.len() else typed
    good, more_words = _without_words(good)
    return Rows(good.select(_KEPT.names()), rejected, blank.len(), words + more_words)


def _doubtful_lines(typed: pl.DataFrame, block: Block) -> tuple[pl.Series, pl.DataFrame]:
    """Return the numbers of blank lines, and the other lines that `judge` has to look at."""
    required = pl.col("event_time", "event_type", "product_id", "user_id")
    # A line with fewer fields ends in nulls, so a null session is looked at as well; category and
    # price may be empty, but what stands there must be a number.
    optional = pl.col("category_id", "price_cents", "user_session")
    doubtful = (
        typed.filter(pl.any_horizontal(required.is_null()) | pl.any_horizontal(optional.is_null()))
        .select(
            pl.col("line_number").cast(pl.Int64),
            unreadable=pl.any_horizontal(required.is_null()),
            no_category=pl.col("category_id").is_null(),
            no_price=pl.col("price_cents").is_null(),
        )
        .sort("line_number")
    )
    if doubtful.is_empty():
        return doubtful["line_number"], doubtful.with_columns(line=pl.lit(""))
    positions = (doubtful["line_number"] - block.first_line).to_list()
    lines = doubtful.with_columns(_lines(block)["line"].gather(positions))
    is_blank = pl.col("line").str.strip_chars() == ""
    return lines.filter(is_blank)["line_number"], lines.filter(~is_blank)


def _without_words(events: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    read = [without_words(events[name]) for name in _TEXTS]
    return events.with_columns(texts for texts, _ in read), sum(words for _, words in read)


def _parse_clean(block: Block) -> pl.DataFrame | None:
    """Parse lines without quotes; None if one of them has too many fields or is not text."""
    try:
        parsed = _parse(block.text, block.columns)
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError):
        return None
    if parsed.height != block.lines:
        return None
    return parsed.with_row_index("line_number", block.first_line)


def _parse_without_odd_lines(block: Block) -> pl.DataFrame:
    """Parse the lines that have nine fields; the others follow as rows of nulls."""
    lines = _lines(block)
    lines = lines.with_columns(as_csv(lines["line"]).alias("csv"))
    regular, odd = lines.filter(pl.col("csv").is_not_null()), lines.filter(pl.col("csv").is_null())
    text = regular["csv"].str.join("\n").item() + "\n" if regular.height else ""
    parsed = _parse(text.encode(), block.columns, quote='"').with_columns(regular["line_number"])
    return pl.concat([parsed, odd.select("line_number")], how="diagonal")


def _parse(text: bytes, columns: tuple[str, ...], quote: str | None = None) -> pl.DataFrame:
    schema = {name: _TYPES.get(name, pl.String) for name in columns}
    if not text:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(
        io.BytesIO(text),
        has_header=False,
        schema=schema,
        quote_char=quote,
        ignore_errors=True,
    )


def _lines(block: Block) -> pl.DataFrame:
    try:
        lines = pl.read_lines(io.BytesIO(block.text), name="line")
    except pl.exceptions.ComputeError:
        text = block.text.decode("utf-8", errors="replace").encode()
        lines = pl.read_lines(io.BytesIO(text), name="line")
    return lines.with_row_index("line_number", block.first_line)


def pseudonymised(events: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return `RawEvents` of events by the shop's own ids.

    Args:
        events: Of `read_lines`.
        known: The pseudonyms of their customers, of `pseudonyms`.
    """
    return (
        events.join(known, on="user_id", how="left", maintain_order="left")
        .drop("user_id")
        .rename({"pseudonym": "user_id"})
        .select(_KEPT.names())
    )
