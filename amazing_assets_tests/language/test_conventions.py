"""Numbers and days as CLDR has them, in other languages than ours too."""

from datetime import date

import pytest

from amazing_assets.language.conventions import Conventions


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("en-GB", "1,234,567.50"),
        ("fr-FR", "1\u202f234\u202f567,50"),
        ("de-DE", "1.234.567,50"),
        ("de-CH", "1\u2019234\u2019567.50"),
        ("hi-IN", "12,34,567.50"),
    ],
)
def test_numbers_are_grouped_as_the_locale_groups_them(locale, written):
    assert Conventions(locale).number(1234567.5, 2) == written


@pytest.mark.parametrize(
    ("locale", "written"), [("en-GB", "12.5%"), ("fr-FR", "12,5\u00a0%"), ("tr-TR", "%12,5")]
)
def test_the_sign_of_a_percentage_stands_where_the_locale_puts_it(locale, written):
    assert Conventions(locale).percentage(0.125, 1) == written


@pytest.mark.parametrize("value", [-0.0, -0.0004])
def test_zero_has_no_sign(value):
    assert Conventions("en-GB").number(value, 3) == "0.000"


def test_half_of_the_last_figure_goes_to_the_even_one():
    written = [Conventions("en-GB").number(value, 2) for value in (0.125, 0.135, 2.675)]
    assert written == ["0.12", "0.14", "2.68"]


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("en-GB", ("October 2019", "Oct 19", "3 October", "Tuesday", "Tu")),
        ("fr-FR", ("octobre 2019", "oct. 19", "3 octobre", "mardi", "ma")),
        ("de-DE", ("Oktober 2019", "Okt 19", "3. Oktober", "Dienstag", "Di.")),
        ("pt-BR", ("outubro de 2019", "out. 19", "3 de outubro", "ter\u00e7a-feira", "ter.")),
    ],
)
def test_days_are_written_as_the_locale_writes_them(locale, written):
    conventions, day = Conventions(locale), date(2019, 10, 3)
    assert written == (
        conventions.month(day),
        conventions.short_month(day),
        conventions.day(day),
        conventions.weekday(1),
        conventions.short_weekday(1),
    )
