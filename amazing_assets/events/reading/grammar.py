r"""What a line, a time and a price are: who reads them and who rejects them ask here."""

import polars as pl

from amazing_assets.dates import as_of, first_day
from amazing_assets.events.reading.blocks import HEADER

FIELDS = len(HEADER)

# What programs write where they have nothing, trimmed and in lower case (`\N` too): read as empty.
WORDS_FOR_NOTHING = ("null", "nan", "none", r"\n")

# A field in quotes may hold commas and doubled quotes; one without may hold no quote.
_FIELD = r'"(?:[^"]|"")*"|[^",]*'
NINE_FIELDS = f"^{','.join([f'({_FIELD})'] * FIELDS)}$"

# REES46 writes UTC; exports by other tools write an offset of zero. Any other offset is rejected.
_ZONES = (" UTC", "+00:00")

# `2019-10-01 00:00:00`: the parser alone would also take `2019-10-1`.
_TIME, _TIME_BYTES = "%Y-%m-%d %H:%M:%S", 19


def moment(column: str) -> pl.Expr:
    """When it happened, in UTC; null where the text is no time."""
    text = pl.col(column)
    in_zone = [
        pl.when(text.str.len_bytes() == _TIME_BYTES + len(zone))
        .then(text)
        .str.to_datetime(f"{_TIME}{zone}", time_unit="us", time_zone="UTC", strict=False)
        for zone in _ZONES
    ]
    return pl.coalesce(in_zone).alias(column)


def is_inside(moments: pl.Expr, month: str) -> pl.Expr:
    """Whether moments lie in a month, as `2019-10`."""
    first, end = (
        pl.lit(day).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        for day in (first_day(month), as_of(month))
    )
    return moments.is_between(first, end, closed="left")


def cents(price: pl.Expr) -> pl.Expr:
    """A price as whole cents, rounded once; null where it is no number."""
    return (price * 100).round().cast(pl.Int64, strict=False)
