"""Scores of a week of November, and what became of those of weeks before."""

from datetime import date, timedelta

import polars as pl

from amazing_assets.churn.risk.contract import ChurnFeedback, ChurnScores
from amazing_assets.lake.contract import find_faults, schema_of

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


def outcomes(reached=()):
    """Outcomes; of some populations, such as `contacted`, how often it happened and was told."""
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
    apart = [
        {**common, "population": population, "figure": figure, "value": value}
        for population, happened, ratio in reached
        for figure, value in (("prevalence", happened), ("told_to_happened", ratio))
    ]
    uplift = {**common, "figure": "uplift", "population": "likeliest_tenth", "value": None}
    alert = {**common, "figure": "alert", "item": "level", "value": 0.7, "customers": None}
    rows = [*tenths, *lifts, *apart, uplift, alert]
    return kept(ChurnFeedback, pl.DataFrame(rows, infer_schema_length=None))


def kept(contract, frame):
    told = frame.select(pl.col(name).cast(kind) for name, kind in schema_of(contract).items())
    assert find_faults(contract.to_schema(), told) == []
    return told
