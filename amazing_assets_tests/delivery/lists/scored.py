"""Scores and values of a week, with good defaults; a test names only what differs."""

from datetime import date

import polars as pl

from amazing_assets.churn.revenue.contract import CustomerValue
from amazing_assets.churn.risk.contract import ChurnScores
from amazing_assets.dates import WEEK
from amazing_assets.lake.contract import schema_of

WEEK_OF = date(2019, 10, 15)

SCORE = {
    "week": WEEK_OF,
    "reference_date": WEEK_OF + WEEK,
    "market": "main",
    "user_id": 1,
    "task": "pause",
    "probability": 0.5,
    "decile": 1,
    "band": "high",
    "reason_1": "away_high",
    "reason_2": None,
    "reason_3": None,
    "model_version": "3",
    "is_holdout": False,
}
VALUE = {
    "week": WEEK_OF,
    "reference_date": WEEK_OF + WEEK,
    "market": "main",
    "user_id": 1,
    "expected_purchases": 1.0,
    "expected_revenue": 10.0,
    "revenue_low": 0.0,
    "revenue_high": 20.0,
    "p_alive": 0.9,
    "model_version": "2",
}


def scores(*rows):
    return pl.DataFrame([{**SCORE, **row} for row in rows], schema=schema_of(ChurnScores))


def values(*rows):
    return pl.DataFrame([{**VALUE, **row} for row in rows], schema=schema_of(CustomerValue))
