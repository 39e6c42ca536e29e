"""How a language writes numbers, months and sentences; the sentences are in `texts_*`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amazing_assets.dates import first_day
from amazing_assets.language.texts_en import TEXTS as ENGLISH_TEXTS
from amazing_assets.language.texts_fr import TEXTS as FRENCH_TEXTS

if TYPE_CHECKING:
    from collections.abc import Mapping

# Narrow and ordinary spaces at which no line breaks.
THIN, SPACE = "\u202f", "\u00a0"
MINUS = "\u2212"


@dataclass(frozen=True)
class Language:
    """A language of the report.

    Attributes:
        code: As in `lang="fr"`.
        texts: Sentences by key, with places for values in braces.
        decimal: Between units and tenths.
        thousands: Between thousands and hundreds.
        percent: After a percentage.
        locale: Name of the number format in charts.
    """

    code: str
    texts: Mapping[str, str]
    decimal: str
    thousands: str
    percent: str
    locale: str

    def say(self, key: str, **values: object) -> str:
        """Return a sentence with its values in place.

        Raises:
            KeyError: The language has no such sentence.
        """
        return self.texts[key].format(**values)

    def quote(self, text: str) -> str:
        """Return a sentence of a table in this language, with the spaces that it wants."""
        return unbroken(text) if self.code == "fr" else text

    def knows(self, key: str) -> bool:
        """Tell whether the language has such a sentence."""
        return key in self.texts

    def number(self, value: float | None, decimals: int = 0) -> str:
        """Return a number; a dash if there is none."""
        if value is None:
            return "\u2013"
        rounded = round(value, decimals) or 0
        written = f"{abs(rounded):,.{decimals}f}"
        marks = {",": self.thousands, ".": self.decimal}
        return (MINUS if rounded < 0 else "") + "".join(marks.get(c, c) for c in written)

    def share(self, value: float | None, decimals: int = 1) -> str:
        """Return a fraction of 1 as a percentage."""
        return self.number(None if value is None else 100 * value, decimals) + (
            "" if value is None else self.percent
        )

    def short(self, value: float | None) -> str:
        """Return a number with about three figures."""
        size = abs(value or 0)
        return self.number(value, 0 if size >= 100 else 1 if size >= 10 else 2)  # noqa: PLR2004  powers of ten

    def money(self, value: float | None) -> str:
        """Return an amount; the data names no currency."""
        return self.number(value) + (
            f"{SPACE}{self.texts['unit.money']}" if value is not None else ""
        )

    def month(self, month: str) -> str:
        """Return a month such as `2019-10` in words."""
        day = first_day(month)
        return f"{self.texts[f'month.{day.month}']} {day.year}"

    def short_month(self, month: str) -> str:
        """Return a month such as `2019-10` for an axis."""
        day = first_day(month)
        return f"{self.texts[f'short_month.{day.month}']} {day.year % 100:02d}"


def unbroken(text: str) -> str:
    """Return a French text with spaces at which no line breaks where the language wants them."""
    quoted = text.replace("\u00ab ", f"\u00ab{SPACE}").replace(" \u00bb", f"{SPACE}\u00bb")
    return re.sub(r" ([:%])", rf"{SPACE}\1", re.sub(r" ([;!?])", rf"{THIN}\1", quoted))


FRENCH = Language(
    "fr",
    {key: unbroken(text) for key, text in FRENCH_TEXTS.items()},
    ",",
    THIN,
    f"{SPACE}%",
    "fr-FR",
)
ENGLISH = Language("en", ENGLISH_TEXTS, ".", ",", "%", "en-US")
LANGUAGES = {language.code: language for language in (FRENCH, ENGLISH)}
