import pickle
from datetime import timedelta

import polars as pl
import pytest

from amazing_assets.churn.risk.gathering import Gathered
from amazing_assets.churn.risk.material import TrainingSettings, material
from amazing_assets_tests.churn.risk.planted import HORIZON, TASK, planted

NOTHING = pl.DataFrame(
    schema={"user_id": pl.Int64, "repeats": pl.Int64, "recency_weeks": float, "age_weeks": float}
)


@pytest.fixture(scope="module")
def weeks():
    return planted(customers=1_500, weeks=12).by_date


def seen(weeks):
    as_of = max(weeks) + timedelta(days=HORIZON)
    gathered = Gathered(weeks, dict.fromkeys(weeks, NOTHING), as_of, "2")
    return material(gathered, TASK, TrainingSettings(fewest=30))


def changed(weeks, name, value):
    return {day: frame.with_columns(value.alias(name)) for day, frame in weeks.items()}


def test_last_digits_of_fractions_make_no_other_material(weeks):
    again = changed(weeks, "frequency", pl.col("frequency") * (1 + 2e-16))
    assert not again[max(weeks)].equals(weeks[max(weeks)])
    assert seen(again).digest == seen(weeks).digest


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("frequency", pl.col("frequency") * 1.001),
        ("recency_days", pl.col("recency_days").shift(1, fill_value=3)),
        ("days_to_event", pl.col("days_to_event").shift(1)),
    ],
)
def test_other_features_or_outcomes_make_other_material(weeks, name, value):
    assert seen(changed(weeks, name, value)).digest != seen(weeks).digest


def test_what_travels_is_the_same_material(weeks):
    known = seen(weeks)
    sent = pickle.loads(pickle.dumps(known.travelling()))  # noqa: S301  written here
    day = known.weeks.serve.calibrate
    assert sent.fewer.most_rows == known.fewer.most_rows
    assert sent.slices.rows([day]).features.tobytes() == known.slices.rows([day]).features.tobytes()


def test_where_few_weeks_are_known_so_long_those_just_before_the_calibration_are_learnt_from(weeks):
    dates = list(weeks)
    few = seen({day: weeks[day] for day in dates[:7]}).weeks.serve
    assert (few.train, few.calibrate) == (tuple(dates[:6]), dates[6])
    many = seen(weeks).weeks.serve
    assert (many.train, many.calibrate) == (tuple(dates[:8]), dates[11])
