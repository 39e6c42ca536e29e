"""What became of the rows of a file: counts, reasons and examples, and the sentence on them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.errors import quoted
from amazing_assets.events.contract import EVENT_TYPES
from amazing_assets.events.reading.floats import LARGEST_EXACT, ROUNDED, share_rounded
from amazing_assets.events.reading.grammar import PRICE_BOUND, TIME_EXAMPLE
from amazing_assets.events.reading.quotes import as_csv, fields_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amazing_assets.events.reading.blocks import Block
    from amazing_assets.events.reading.read import Rows
    from amazing_assets.landing.zone import LandedFile

# From half on, the file is not what its name says: a wrong month, or another export.
_MOST_REJECTED = 0.5

# Real files have 0 to 0.1 %.
_FEW_REJECTED = 0.01

# Lines of each reason: enough to see what is wrong with it.
_EXAMPLES = 3

WANTED = {
    "too_few_fields": "a row has nine fields with commas between them",
    "too_many_fields": "a row has nine fields, those with a comma within in quotes",
    "stray_quotes": "quotes surround a whole field on one line, and those within are doubled",
    "not_utf8": "text is UTF-8",
    "unparsable_time": f"a time is written like {TIME_EXAMPLE}",
    "outside_month": "a file holds the month that its name says",
    "unknown_event_type": f"an event is one of {', '.join(EVENT_TYPES)}",
    "missing_id": "product_id and user_id are never empty",
    "unparsable_id": "an id is a whole number of at most 19 digits",
    "unparsable_price": "a price is written like 33.20",
    "price_out_of_bounds": f"a price is at most {PRICE_BOUND:,} either way",
}

# The field that a reason is about, where one value shows what is wrong; never the customer.
_FIELDS = {
    "unparsable_time": ("event_time",),
    "outside_month": ("event_time",),
    "unknown_event_type": ("event_type",),
    "unparsable_id": ("product_id", "category_id"),
    "unparsable_price": ("price",),
    "price_out_of_bounds": ("price",),
}


@dataclass(frozen=True)
class Example:
    """A rejected line.

    Attributes:
        line_number: Where it stands; the header is line 1.
        line: What it says, the customer's id masked, escaped and cut.
        value: What is wrong in it, for a sentence.
    """

    line_number: int
    line: str
    value: str


@dataclass(frozen=True)
class FileCount:
    """What became of the rows of a file; `rows` is counted apart from the next three.

    Attributes:
        file: Its name.
        bytes: Its size.
        rows: Its lines but for the header and blank ones.
        kept: Those that became events.
        rejected: Those that did not.
        suppressed: Those of erased customers, which are not kept.
        words: Words for nothing that were read as empty fields of kept rows.
        reasons: Rejected rows by reason, the commonest first.
        examples: Some rejected lines of each reason.
    """

    file: str
    bytes: int
    rows: int
    kept: int
    rejected: int
    suppressed: int
    words: int
    reasons: Mapping[str, int]
    examples: Mapping[str, tuple[Example, ...]]

    @property
    def is_readable(self) -> bool:
        """Whether the file is not mostly rejects."""
        return self.rejected < _MOST_REJECTED * self.rows

    @property
    def has_few_rejects(self) -> bool:
        """Whether it has no more rejects than any file has."""
        return self.rejected < _FEW_REJECTED * self.rows or not self.rejected

    @property
    def summary(self) -> str:
        """How many rows were rejected, most of them why, and one of them."""
        reason, example = next((why, lines[0]) for why, lines in self.examples.items())
        return (
            f"{self.rejected:,} of {self.rows:,} rows of {self.file} were rejected, most as "
            f"{reason}, such as line {example.line_number}{example.value}; {WANTED[reason]}"
        )


@dataclass
class Tally:
    """Counts of one file while it is read."""

    rows: int = 0
    kept: int = 0
    rejected: int = 0
    suppressed: int = 0
    words: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[Example]] = field(default_factory=dict)
    # Different ones: a month has some ten thousand products.
    large_ids: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.Int64))

    def count(self, block: Block, read: Rows) -> None:
        """Count a block and what was read of it."""
        self.rows += block.lines - read.blank
        self.kept += read.kept.height
        self.rejected += read.rejected.height
        self.suppressed += read.suppressed
        self.words += read.words
        if read.rejected.height:
            for reason, lines in read.rejected.group_by("reason", maintain_order=True):
                self._count_rejects(str(reason[0]), lines, block)
        for name in ("category_id", "product_id"):
            large = read.kept[name].filter(read.kept[name] > LARGEST_EXACT)
            if large.len():
                self.large_ids = pl.concat([self.large_ids, large.unique()]).unique()

    def _count_rejects(self, reason: str, lines: pl.DataFrame, block: Block) -> None:
        self.reasons[reason] += lines.height
        known = self.examples.setdefault(reason, [])
        wanted = lines.select("line_number", "line").head(_EXAMPLES - len(known))
        known += [
            Example(number, quoted(line, 200), _value(reason, line, block.columns))
            for number, line in wanted.iter_rows()
        ]

    def warnings(self, file: str) -> list[str]:
        """Return whole sentences on what looks odd in a file that was read."""
        return [f"{file}: {ROUNDED}"] if share_rounded(self.large_ids) else []

    def of(self, file: LandedFile) -> FileCount:
        """Return what became of the file."""
        reasons = dict(self.reasons.most_common())
        examples = {reason: tuple(self.examples[reason]) for reason in reasons}
        return FileCount(
            file=file.name,
            bytes=file.bytes,
            rows=self.rows,
            kept=self.kept,
            rejected=self.rejected,
            suppressed=self.suppressed,
            words=self.words,
            reasons=reasons,
            examples=examples,
        )


def _value(reason: str, line: str, columns: tuple[str, ...]) -> str:
    """What is wrong in a masked line: a field of it, or all of it where no field is known."""
    if reason == "missing_id":
        return ""
    fields = _fields(line, columns)
    for name in _FIELDS.get(reason, ()):
        value = fields[name]
        if reason != "unparsable_id" or not _is_whole(value):
            return f" with the {name} {quoted(value)}" if value else f" without {name}"
    return "" if reason in _FIELDS else f", {quoted(line)}"


def _fields(line: str, columns: tuple[str, ...]) -> dict[str, str]:
    csv = pl.DataFrame({"csv": as_csv(pl.Series([line]))})
    found: dict[str, str] = csv.select(fields_of(pl.col("csv"), columns)).to_series()[0]
    return found


def _is_whole(text: str) -> bool:
    return pl.Series([text]).cast(pl.Int64, strict=False).is_not_null().all()
