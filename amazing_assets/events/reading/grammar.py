r"""What a time, a price and nothing are: who reads them and who rejects them ask here."""

import polars as pl

from amazing_assets.dates import as_of, first_day

# What programs write where they have nothing, trimmed and in lower case (`\N` too): read as empty.
WORDS_FOR_NOTHING = ("null", "nan", "none", r"\n")

# With blanks around it none of them is longer in any file that we know; most texts are, so that
# they need no look.
_LONGEST_WORD = 16

# 10 million of the shop's currency, with either sign: what is beyond is a placeholder. 70 million
# rows at the bound, more than any month has, sum to 7e16 cents; an Int64 holds 9.2e18.
PRICE_BOUND = 10_000_000

# As published: `2019-10-01 00:00:00 UTC`. The parser alone would also take `2019-10-1`.
TIME_EXAMPLE = "2019-10-01 00:00:00 UTC"
_TIME = "%Y-%m-%d %H:%M:%S UTC"

# Any other ISO form that says UTC, to the second; fractions are cut off. `-00:00` is UTC seen from
# an unknown place (RFC 3339). Without a zone nobody knows which one is meant.
_ISO = (
    r"^\s*(\d{4})-?(\d\d)-?(\d\d)[Tt ](\d\d):?(\d\d):?(\d\d)(?:[.,]\d+)?"
    r"\s?(?:[Uu][Tt][Cc]|[Zz]|[+-]00(?::?00)?(?: UTC)?)\s*$"
)


def moment(column: str) -> pl.Expr:
    """When it happened, in UTC and to the second; null where the text is no time or no UTC."""
    return pl.col(column).map_batches(_moments, return_dtype=pl.Datetime("us", "UTC"))


def is_inside(moments: pl.Expr, month: str | None) -> pl.Expr:
    """Whether moments lie in a month, as `2019-10`; None: in any."""
    if month is None:
        return moments.is_not_null()
    first, end = (
        pl.lit(day).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        for day in (first_day(month), as_of(month))
    )
    return moments.is_between(first, end, closed="left")


def cents(price: pl.Expr) -> pl.Expr:
    """A price as whole cents, rounded once; null where it is no number or beyond the bound."""
    return pl.when(price.abs() <= PRICE_BOUND).then(price * 100).round().cast(pl.Int64)


def is_nothing(text: pl.Expr) -> pl.Expr:
    """Whether a field is empty, blank or a word for nothing."""
    return text.str.strip_chars().str.to_lowercase().is_in(["", *WORDS_FOR_NOTHING])


def without_words(texts: pl.Series) -> tuple[pl.Series, int]:
    """Return texts with null for every word for nothing, and how many these were."""
    is_short = texts.str.len_bytes() <= _LONGEST_WORD
    if not is_short.any():
        return texts, 0
    short = texts.filter(is_short).unique()
    tidy = short.str.strip_chars().str.to_lowercase()
    words = short.filter(tidy.is_in(WORDS_FOR_NOTHING))
    if words.is_empty():
        return texts, 0
    is_word = texts.is_in(words.implode())
    return texts.set(is_word.fill_null(value=False), None), int(is_word.sum())


def _moments(texts: pl.Series) -> pl.Series:
    as_published = _parse(texts)
    if as_published.null_count() == texts.null_count():
        return as_published
    # Apart from the rest, for the pattern takes ten times as long.
    others = (as_published.is_null() & texts.is_not_null()).arg_true()
    fields = texts.gather(others).str.extract_groups(_ISO).struct.unnest()
    rewritten = fields.select(pl.format("{}-{}-{} {}:{}:{} UTC", *fields.columns)).to_series()
    return as_published.scatter(others, _parse(rewritten))


def _parse(texts: pl.Series) -> pl.Series:
    is_whole = texts.str.len_bytes() == len(TIME_EXAMPLE)
    # A copy of the texts only where one of them is of another length.
    whole = texts if is_whole.all() else texts.set(~is_whole, None)
    return whole.str.to_datetime(_TIME, time_unit="us", time_zone="UTC", strict=False)
