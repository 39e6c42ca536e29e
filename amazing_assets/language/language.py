"""How a language writes sentences, numbers, months and days; the sentences are in `catalogues/`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amazing_assets.dates import first_day
from amazing_assets.language.catalogue import UnknownSentenceError, read_catalogue

if TYPE_CHECKING:
    from gettext import GNUTranslations

    from amazing_assets.language.conventions import Conventions

CATALOGUES = Path(__file__).parent / "catalogues"

# What tables and columns are, by what their contracts say of them, which is English.
MEANINGS = Path(__file__).parent / "meanings"

NONE = "\N{EN DASH}"


@dataclass(frozen=True)
class Language:
    """A language that people read; nothing is read before its first sentence or number.

    Attributes:
        code: As in `lang="fr"`; the sentences are in `fr.po`.
        locale: Whose numbers and dates are written, as CLDR and charts name it.
        catalogues: The folder of the sentences.
    """

    code: str
    locale: str
    catalogues: Path = CATALOGUES

    def say(self, key: str, *, count: Any = None, **values: object) -> str:  # noqa: ANN401  see below
        """Return a sentence with its values in place.

        Args:
            key: Names the sentence in the catalogue.
            count: A number, of any type so that texts may be spread into `values`. Chooses between
                the forms for one and for several by the rule of the language, and is written where
                the sentence has `{count}`.
            values: What stands in the other braces, written already.

        Raises:
            UnknownSentenceError: The language has no such sentence, or none with forms for a count.
        """
        if count is None:
            return self._sentences.gettext(key).format(**values)
        form = self._sentences.ngettext(key, key, round(count))
        return form.format(count=self.number(count), **values)

    def knows(self, key: str) -> bool:
        """Tell whether the language has such a sentence."""
        try:
            self._sentences.gettext(key)
        except UnknownSentenceError:
            return False
        return True

    def meaning(self, described: str) -> str:
        """Return what a table or a column is; in English, where nobody has said it otherwise.

        Args:
            described: What its contract says.
        """
        if self._meanings is None or not described:
            return described
        try:
            return self._meanings.gettext(described)
        except UnknownSentenceError:
            return described

    def number(self, value: float | None, decimals: int = 0) -> str:
        """Return a number; a dash if there is none."""
        return NONE if value is None else self._conventions.number(value, decimals)

    def share(self, value: float | None, decimals: int = 1) -> str:
        """Return a fraction of 1 as a percentage; a dash if there is none."""
        return NONE if value is None else self._conventions.percentage(value, decimals)

    def short(self, value: float | None) -> str:
        """Return a number with about three figures."""
        size = abs(value or 0)
        return self.number(value, 0 if size >= 100 else 1 if size >= 10 else 2)  # noqa: PLR2004  powers of ten

    def money(self, value: float | None) -> str:
        """Return an amount; the data names no currency."""
        return NONE if value is None else self.say("unit.money", amount=self.number(value))

    def month(self, month: str) -> str:
        """Return a month such as `2019-10` in words."""
        return self._conventions.month(first_day(month))

    def short_month(self, month: str) -> str:
        """Return a month such as `2019-10` for an axis."""
        return self._conventions.short_month(first_day(month))

    def day(self, day: str) -> str:
        """Return a day such as `2019-10-03` in words, without the year."""
        return self._conventions.day(date.fromisoformat(day))

    def weekday(self, number: int) -> str:
        """Return the name of a day of the week; 0 is Monday."""
        return self._conventions.weekday(number)

    def short_weekday(self, number: int) -> str:
        """Return the name of a day of the week for an axis; 0 is Monday."""
        return self._conventions.short_weekday(number)

    @cached_property
    def _sentences(self) -> GNUTranslations:
        return read_catalogue(self.catalogues / f"{self.code}.po")

    @cached_property
    def _meanings(self) -> GNUTranslations | None:
        file = MEANINGS / f"{self.code}.po"
        return read_catalogue(file) if file.exists() else None

    @cached_property
    def _conventions(self) -> Conventions:
        from amazing_assets.language.conventions import Conventions  # noqa: PLC0415  Babel, 40 ms

        return Conventions(self.locale)


# A language is a line here and a catalogue. The English ones spell as in Britain.
LANGUAGES = {
    language.code: language
    for language in (
        Language("fr", "fr-FR"),
        Language("en", "en-GB"),
    )
}

FRENCH, ENGLISH = LANGUAGES["fr"], LANGUAGES["en"]
