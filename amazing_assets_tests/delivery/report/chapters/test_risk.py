from dataclasses import replace

import polars as pl
import pytest

from amazing_assets.churn.risk.reasons import CODES
from amazing_assets.delivery.report.blocks import Chart, Notice, Paragraph, Table
from amazing_assets.delivery.report.chapters.risk import reason_in_words, risk
from amazing_assets.delivery.report.tables import ReportTables
from amazing_assets.language.language import ENGLISH, LANGUAGES
from amazing_assets_tests.delivery.report.risks import outcomes, scores

REACHED = [("not_contacted", 0.2, 1.0)]
TABLES = ReportTables("2019-11", pl.DataFrame(), risk=scores(), outcomes=outcomes())


def blocks(tables, kind, language=ENGLISH):
    return [block for block in risk(tables, language).blocks if isinstance(block, kind)]


def test_how_many_may_do_it_and_why_is_said():
    who, why = blocks(TABLES, Table)
    assert who.caption == "How many customers may do it, as of 26 November"
    assert who.rows == (("Pause", "400", "30.0%", "80", "48.0%"),)
    # What fewer than 20 customers have in common is not told.
    assert why.rows == (("Pause", "Longer since the last visit than usual", "100.0%"),)


def test_what_was_told_stands_beside_what_happened():
    tenths, weeks = blocks(TABLES, Chart)
    assert tenths.table.rows[0] == ("Pause", "1", "40.0%", "50.0%")
    assert weeks.table.rows == (("Pause", "29 October", "3.2", "2.1"),)


def test_what_asks_for_a_look_is_said():
    (alert,) = blocks(TABLES, Notice)
    assert alert.text.startswith("Pause: what was told is 0.70 times what happened.")
    *_, campaigns = blocks(TABLES, Paragraph)
    assert campaigns.text.startswith("What campaigns bring cannot be told yet")


def test_whom_campaigns_contacted_stands_apart_from_all_others():
    reached = [("not_contacted", 0.2, 1.0), ("contacted", 0.1, 2.5)]
    tables = replace(TABLES, outcomes=outcomes(reached))
    *_, apart = blocks(tables, Table)
    assert apart.rows == (
        ("Pause", "Contacted", "40", "25.0%", "10.0%"),
        ("Pause", "Not contacted", "40", "20.0%", "20.0%"),
    )
    *_, how = blocks(tables, Paragraph)
    assert how.text.startswith("Campaigns choose whom they contact")


def test_where_campaigns_contacted_everybody_or_too_few_nothing_is_compared():
    for reached in ([], [("contacted", 0.1, 2.5)], [*REACHED, ("contacted", 0.1, None)]):
        tables = replace(TABLES, outcomes=outcomes(reached))
        assert len(blocks(tables, Table)) == len(blocks(TABLES, Table))


def test_before_an_outcome_is_known_that_is_said():
    *_, last = blocks(replace(TABLES, outcomes=None), Paragraph)
    assert last.text.endswith("after 28 or 56 days.")


def test_what_is_not_measured_is_said_plainly():
    (missing,) = blocks(replace(TABLES, risk=None), Notice)
    assert "churn_scores" in missing.text


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_reason_has_its_words_in_every_language(language):
    words = {reason_in_words(code, language) for code in CODES}
    assert len(words) == len(CODES)
