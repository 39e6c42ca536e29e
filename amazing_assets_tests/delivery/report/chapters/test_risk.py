from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from amazing_assets.churn.risk.contract import ChurnFeedback, ChurnScores
from amazing_assets.churn.risk.reasons import CODES
from amazing_assets.delivery.report.blocks import Chart, Notice, Paragraph, Table
from amazing_assets.delivery.report.chapters.risk import reason_in_words, risk
from amazing_assets.delivery.report.tables import ReportTables
from amazing_assets.lake.contract import find_faults, schema_of
from amazing_assets.language.language import ENGLISH, LANGUAGES

WEEK = date(2019, 11, 19)


def scores(customers=400):
    user = pl.int_range(customers, eager=True)
    frame = pl.DataFrame(
        {"user_id": user, "decile": user * 10 // customers + 1, "probability": 0.5 - user / 1_000}
    ).with_columns(
        week=pl.lit(WEEK),
        reference_date=pl.lit(WEEK + timedelta(days=7)),
        market=pl.lit("main"),
        task=pl.lit("pause"),
        band=pl.when(pl.col("decile") <= 2).then(pl.lit("high")).otherwise(pl.lit("low")),
        reason_1=pl.lit("away_high"),
        reason_2=pl.when(pl.col("user_id") < 10).then(pl.lit("visits_low")),
        reason_3=pl.lit(None, pl.String),
        model_version=pl.lit("1"),
        is_holdout=pl.lit(value=False),
    )
    return kept(ChurnScores, frame)


def outcomes():
    common = {
        "week": WEEK,
        "reference_date": WEEK + timedelta(days=7),
        "scored_date": WEEK - timedelta(days=21),
        "task": "pause",
        "model_version": "1",
        "model": "served",
        "population": "everybody",
        "item": None,
        "customers": 40,
        "low": None,
        "high": None,
    }
    tenths = [
        {**common, "figure": figure, "item": str(n), "value": value / n}
        for n in range(1, 11)
        for figure, value in (("told", 0.4), ("happened", 0.5))
    ]
    lifts = [
        {**common, "figure": "lift_10", "model": model, "value": value}
        for model, value in (("served", 3.2), ("recency", 2.1))
    ]
    uplift = {**common, "figure": "uplift", "population": "likeliest_tenth", "value": None}
    alert = {**common, "figure": "alert", "item": "level", "value": 0.7, "customers": None}
    rows = [*tenths, *lifts, uplift, alert]
    return kept(ChurnFeedback, pl.DataFrame(rows, infer_schema_length=None))


def kept(contract, frame):
    told = frame.select(pl.col(name).cast(kind) for name, kind in schema_of(contract).items())
    assert find_faults(contract.to_schema(), told) == []
    return told


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
