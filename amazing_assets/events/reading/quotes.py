"""Lines as nine fields of CSV, whatever their quotes mean, as long as only one thing can be meant.

Quotes are read as RFC 4180 has them, then as some databases write them (a backslash before each),
and where a line has eight commas and no more, as part of the text: `24" display`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.events.reading.header import HEADER

if TYPE_CHECKING:
    from collections.abc import Callable

FIELDS = len(HEADER)

# A field in quotes may hold commas and doubled quotes; one without may hold no quote.
_QUOTED = r'"(?:[^"]|"")*"'
_FIELD = rf'{_QUOTED}|[^",]*'
NINE_FIELDS = f"^{','.join([f'({_FIELD})'] * FIELDS)}$"
_ANY_FIELDS = f"^(?:{_FIELD})(?:,(?:{_FIELD}))*$"

# MySQL and others: `"24\" display"`.
_ESCAPED_FIELD = r'"(?:[^"\\]|\\.|"")*"|[^",]*'
_ESCAPED_FIELDS = f"^{','.join([f'({_ESCAPED_FIELD})'] * FIELDS)}$"

_IN_QUOTES = r'^"((?s:.*))"$'
_REPLACED = "\ufffd"


def as_csv(lines: pl.Series) -> pl.Series:
    """Return each line as nine fields of RFC 4180; null where it does not have nine.

    A line that was not UTF-8 has none: what stands in it is not known.
    """
    ways: tuple[Callable[[pl.Series], pl.Series], ...] = (_plain, _quoted, _escaped, _literal)
    csv = pl.Series("csv", [None], pl.String).new_from_index(0, lines.len())
    for way in ways:
        # The patterns take ten times as long as a count of commas: each looks at what is left.
        left = csv.is_null().arg_true()
        if left.is_empty():
            break
        csv = csv.scatter(left, way(lines.gather(left)))
    return csv


def fields_of(csv: pl.Expr, columns: tuple[str, ...]) -> pl.Expr:
    """The fields of a line of `as_csv`, as a struct of texts."""
    groups = csv.str.extract_groups(NINE_FIELDS).struct.rename_fields(list(columns))
    return groups.struct.with_fields(*(_text_of(pl.field(name)) for name in columns))


def commas(line: pl.Expr) -> pl.Expr:
    """How many commas stand between fields; those in quotes do not."""
    return line.str.replace_all(_QUOTED, "").str.count_matches(",", literal=True)


def has_stray_quotes(line: pl.Expr) -> pl.Expr:
    """Whether a quote neither surrounds a field nor is doubled within one that has them."""
    return line.str.contains('"', literal=True) & ~line.str.contains(_ANY_FIELDS)


def _plain(lines: pl.Series) -> pl.Series:
    return _where(lines, _has_nine() & ~pl.col("line").str.contains(r'["\x{FFFD}]'))


def _quoted(lines: pl.Series) -> pl.Series:
    return _where(lines, _is_text() & pl.col("line").str.contains(NINE_FIELDS))


def _escaped(lines: pl.Series) -> pl.Series:
    groups = pl.col("line").str.extract_groups(_ESCAPED_FIELDS)
    names = [str(number) for number in range(1, FIELDS + 1)]
    fields = [
        _text_of(groups.struct.field(name)).str.replace_all(r'\\(["\\])', "${1}") for name in names
    ]
    whole = pl.concat_str([_in_quotes(field) for field in fields], separator=",")
    return _where(lines, _is_text() & pl.col("line").str.contains(_ESCAPED_FIELDS), whole)


def _literal(lines: pl.Series) -> pl.Series:
    field = pl.element().str.replace(_IN_QUOTES, "${1}").str.replace_all(r"\"", '"', literal=True)
    whole = pl.col("line").str.split(",").list.eval(_in_quotes(field)).list.join(",")
    return _where(lines, _is_text() & _has_nine(), whole)


def _where(lines: pl.Series, holds: pl.Expr, csv: pl.Expr | None = None) -> pl.Series:
    line = lines.alias("line").to_frame()
    return line.select(pl.when(holds).then(pl.col("line") if csv is None else csv)).to_series()


def _has_nine() -> pl.Expr:
    return pl.col("line").str.count_matches(",", literal=True) == FIELDS - 1


def _is_text() -> pl.Expr:
    return ~pl.col("line").str.contains(_REPLACED, literal=True)


def _text_of(field: pl.Expr) -> pl.Expr:
    """A field without the quotes around it; doubled ones within are one."""
    inner = field.str.replace(_IN_QUOTES, "${1}").str.replace_all('""', '"', literal=True)
    return pl.when(field.str.starts_with('"')).then(inner).otherwise(field)


def _in_quotes(text: pl.Expr) -> pl.Expr:
    doubled = text.str.replace_all('"', '""', literal=True)
    return (
        pl.when(text.str.contains('"', literal=True) | text.str.contains(",", literal=True))
        .then(pl.concat_str(pl.lit('"'), doubled, pl.lit('"')))
        .otherwise(text)
    )
