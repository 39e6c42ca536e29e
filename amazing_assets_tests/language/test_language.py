"""Sentences with one and with several, numbers and days, in French, English and one more."""

import subprocess
import sys

import pytest

from amazing_assets.language.language import ENGLISH, FRENCH, Language


@pytest.mark.parametrize(
    ("count", "french", "english"),
    [
        (0, "0 autre interruption figure", "0 more outages are"),
        (1, "1 autre interruption figure", "1 more outage is"),
        (2, "2 autres interruptions figurent", "2 more outages are"),
        (1.0, "1 autre interruption figure", "1 more outage is"),
        (1234, "1\u202f234 autres interruptions figurent", "1,234 more outages are"),
    ],
)
def test_a_count_chooses_the_form_as_the_language_does(count, french, english):
    assert FRENCH.say("data.more_outages", count=count).startswith(french)
    assert ENGLISH.say("data.more_outages", count=count).startswith(english)


def test_a_count_chooses_where_it_is_not_written():
    assert ENGLISH.say("data.rejected_rows", count=1) == "row rejected"
    assert ENGLISH.say("data.rejected_rows", count=2) == "rows rejected"


def test_a_value_that_is_missing_is_an_error():
    with pytest.raises(KeyError, match="month"):
        ENGLISH.say("report.subtitle")


def test_a_language_tells_what_it_knows():
    assert FRENCH.knows("page.title")
    assert FRENCH.knows("data.more_outages")
    assert not FRENCH.knows("never.said")


@pytest.mark.parametrize(
    ("number", "decimals", "french", "english"),
    [
        (1234567, 0, "1\u202f234\u202f567", "1,234,567"),
        (1234.5, 2, "1\u202f234,50", "1,234.50"),
        (-0.25, 2, "\u22120,25", "\u22120.25"),
        (-0.001, 1, "0,0", "0.0"),
        (2.675, 2, "2,68", "2.68"),
        (None, 1, "\u2013", "\u2013"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(number, decimals, french, english):
    assert FRENCH.number(number, decimals) == french
    assert ENGLISH.number(number, decimals) == english


@pytest.mark.parametrize(
    ("share", "decimals", "french", "english"),
    [
        (0.125, 1, "12,5\u00a0%", "12.5%"),
        (0.125, 0, "12\u00a0%", "12%"),
        (-0.00001, 1, "0,0\u00a0%", "0.0%"),
        (12.5, 0, "1\u202f250\u00a0%", "1,250%"),
        (None, 1, "\u2013", "\u2013"),
    ],
)
def test_shares_are_percentages(share, decimals, french, english):
    assert FRENCH.share(share, decimals) == french
    assert ENGLISH.share(share, decimals) == english


@pytest.mark.parametrize(
    ("number", "written"), [(1234.5, "1,234"), (99.95, "100.0"), (12.34, "12.3"), (1.234, "1.23")]
)
def test_a_short_number_has_about_three_figures(number, written):
    assert ENGLISH.short(number) == written


def test_an_amount_has_no_currency():
    assert FRENCH.money(1234.5) == "1\u202f234\u00a0u.m."
    assert ENGLISH.money(1234.5) == "1,234\u00a0c.u."
    assert ENGLISH.money(None) == "\u2013"


def test_months_and_days_are_those_of_cldr():
    assert [FRENCH.month("2019-10"), ENGLISH.month("2019-10")] == ["octobre 2019", "October 2019"]
    assert [FRENCH.short_month("2020-04"), ENGLISH.short_month("2020-04")] == ["avr. 20", "Apr 20"]
    assert [FRENCH.day("2019-08-03"), ENGLISH.day("2019-08-03")] == ["3 ao\u00fbt", "3 August"]


def test_a_week_begins_on_monday():
    assert [FRENCH.weekday(0), FRENCH.short_weekday(0)] == ["lundi", "lu"]
    assert [ENGLISH.weekday(6), ENGLISH.short_weekday(6)] == ["Sunday", "Su"]


POLISH = """msgid ""
msgstr ""
"Language: pl\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && n!=12 ? 1 : 2);\\n"

msgid "page.months"
msgid_plural "page.months"
msgstr[0] "{count} miesi\u0105c"
msgstr[1] "{count} miesi\u0105ce"
msgstr[2] "{count} miesi\u0119cy"
"""


def test_a_third_language_costs_a_catalogue_and_a_line(tmp_path):
    (tmp_path / "pl.po").write_text(POLISH, encoding="utf-8")
    polish = Language("pl", "pl-PL", tmp_path)
    said = [polish.say("page.months", count=count) for count in (1, 2, 5, 22)]
    assert said == ["1 miesi\u0105c", "2 miesi\u0105ce", "5 miesi\u0119cy", "22 miesi\u0105ce"]


def test_a_command_that_says_nothing_does_not_wait_for_babel():
    program = "import amazing_assets.language.language, sys; sys.exit('babel' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], check=False)
    assert ran.returncode == 0
