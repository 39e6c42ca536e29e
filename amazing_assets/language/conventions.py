"""How a locale writes numbers, months and days, as CLDR has it, through Babel."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date, format_skeleton, get_day_names
from babel.numbers import parse_pattern

if TYPE_CHECKING:
    from datetime import date

    from babel.numbers import NumberPattern

# CLDR has the hyphen of the keyboard; the charts beside the text have this, and so does print.
MINUS = "\N{MINUS SIGN}"


class Conventions:
    """How numbers, months and days are written.

    Attributes:
        locale: Such as `fr-FR`.
    """

    def __init__(self, locale: str) -> None:
        self.locale = Locale.parse(locale, sep="-")

    def number(self, value: float, decimals: int) -> str:
        """Return a number."""
        return self._written(self.locale.decimal_formats[None], value, decimals)

    def percentage(self, value: float, decimals: int) -> str:
        """Return a fraction of 1 as a percentage."""
        return self._written(self.locale.percent_formats[None], value, decimals)

    def month(self, day: date) -> str:
        """Return month and year of a day."""
        return format_skeleton("yMMMM", day, locale=self.locale)

    def short_month(self, day: date) -> str:
        """Return month and year of a day, as short as they are still understood."""
        return format_date(day, "LLL yy", locale=self.locale)

    def day(self, day: date) -> str:
        """Return a day without its year."""
        return format_skeleton("MMMMd", day, locale=self.locale)

    def weekday(self, number: int) -> str:
        """Return the name of a day of the week; 0 is Monday."""
        return str(get_day_names("wide", "stand-alone", self.locale)[number])

    def short_weekday(self, number: int) -> str:
        """Return the shortest name of a day of the week that no other day has; 0 is Monday."""
        return str(get_day_names("short", "stand-alone", self.locale)[number])

    def _written(self, usual: NumberPattern, value: float, decimals: int) -> str:
        pattern = with_decimals(usual.pattern, decimals)
        # Of the figure as it is read, not as it is stored: 2.675 is half-way.
        rounded = round(Decimal(str(value)), decimals + pattern.scale)
        without_sign_of_zero = rounded + 0
        written: str = pattern.apply(without_sign_of_zero, self.locale)
        return written.replace("-", MINUS)


@cache
def with_decimals(pattern: str, decimals: int) -> NumberPattern:
    """Return a number pattern of CLDR with that many decimals instead of its own."""
    whole, _, after = pattern.rpartition("0")
    fraction = "." + "0" * decimals if decimals else ""
    return parse_pattern(f"{whole}0{fraction}{after.lstrip('.#')}")
