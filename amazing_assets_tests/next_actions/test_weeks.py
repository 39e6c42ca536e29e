from datetime import UTC, date, datetime

import duckdb
import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.lake.contract import find_faults
from amazing_assets.next_actions.contract import NextActionProbabilities, NextActionVectors
from amazing_assets.next_actions.histories import DAY, histories
from amazing_assets.next_actions.publication import write
from amazing_assets.next_actions.settings import TrainingSettings
from amazing_assets.next_actions.stored import read_model
from amazing_assets.next_actions.training import fit
from amazing_assets.next_actions.vocabulary import ACTIONS, END_SESSION
from amazing_assets.next_actions.weeks import known_at, likeliest, moment
from amazing_assets_tests.next_actions.test_gate import QUICK
from amazing_assets_tests.next_actions.worlds import UNTIL, of_personas

NOW = 1000 * DAY


def steps(*rows):
    """Customer, action, seconds before now."""
    return pl.DataFrame(
        {
            "user_id": [row[0] for row in rows],
            "action": pl.Series([row[1] for row in rows], dtype=pl.Int16),
            "at": [NOW - row[2] for row in rows],
            "repeats": pl.Series([1] * len(rows), dtype=pl.Int32),
            "is_bot_suspect": [False] * len(rows),
        }
    )


def test_nothing_is_known_of_later():
    known = steps((1, 3, 5000), (1, END_SESSION, 5000))
    later = steps((1, 3, 5000), (1, END_SESSION, 5000), (1, 7, -1), (1, END_SESSION, -1))
    assert_frame_equal(known_at(later, NOW), known_at(known, NOW))


@pytest.mark.parametrize("ago", [60, 4000])
def test_whether_a_visit_went_on_does_not_tell_on_what_was_known(ago):
    ended = steps((1, 3, ago), (1, END_SESSION, ago))
    went_on = steps((1, 3, ago), (1, 7, -60), (1, END_SESSION, -60))
    assert_frame_equal(known_at(went_on, NOW), known_at(ended, NOW))


def test_who_was_there_a_moment_ago_is_still_there_and_others_have_gone():
    found = known_at(steps((1, 3, 60), (1, END_SESSION, 60), (2, 3, 4000)), NOW)
    assert found.select("user_id", "action").rows() == [(1, 3), (2, 3), (2, END_SESSION)]


@pytest.fixture(scope="module")
def model():
    return fit(
        of_personas(60)[0], TrainingSettings(variants={"lstm_context": QUICK}, fewest_places=0)
    ).model


@pytest.fixture(scope="module")
def vectors(model):
    cold = steps((9_999, 3, 100 * DAY), (9_999, END_SESSION, 100 * DAY))
    moved = cold.with_columns(at=pl.lit(UNTIL - DAY))
    found = pl.concat([_all_steps(), moved.cast({"at": pl.Int64})])
    return model.answer(histories(known_at(found, UNTIL), UNTIL), UNTIL).with_columns(
        model_version=pl.lit("1")
    )


def _all_steps():
    found = of_personas(60)[0].found
    inside = found.tokens < len(ACTIONS)
    return pl.DataFrame(
        {
            "user_id": found.customers[found.owners][inside],
            "action": found.tokens[inside],
            "at": found.at[inside],
            "repeats": np.ones(inside.sum(), dtype=np.int32),
            "is_bot_suspect": np.zeros(inside.sum(), dtype=bool),
        }
    )


def test_every_customer_has_a_vector_of_probabilities(vectors):
    assert find_faults(NextActionVectors.to_schema(), vectors) == []
    total = vectors.select(pl.sum_horizontal(pl.col(ACTIONS).cast(pl.Float64))).to_series()
    assert total.len() == 61
    assert (total - 1).abs().max() < 1e-5


def test_who_is_hardly_known_is_answered_by_counting_and_flagged(model, vectors):
    (row,) = vectors.filter("cold_start").to_dicts()
    assert (row["user_id"], row["n_context"]) == (9_999, 2)
    prior = model.prior.after[END_SESSION]
    waiting = model.returns.waited(prior[None].astype(np.float32), np.array([1.0]))[0]
    assert [row[name] for name in ACTIONS] == pytest.approx(waiting.tolist(), abs=1e-6)


def test_the_ten_likeliest_are_those_that_sql_finds(vectors):
    found = likeliest(vectors.lazy(), "2020-04-21").collect()
    assert find_faults(NextActionProbabilities.to_schema(), found) == []
    assert found["week"].unique().to_list() == [date(2020, 4, 21)]
    long = vectors.unpivot(ACTIONS, index="user_id").to_arrow()
    with duckdb.connect() as connection:
        connection.register("long", long)
        second = connection.execute(
            """select user_id, round(value::double, 6) from long qualify row_number() over (
            partition by user_id order by value desc) <= 10 order by user_id, value desc"""
        ).fetchall()
    first = found.sort("user_id", "rank").select("user_id", pl.col("probability").round(6))
    assert first.rows() == second
    bought = found.group_by("user_id").agg(pl.col("p_purchase").first()).sort("user_id")
    purchases = [name for name in ACTIONS if name.startswith("purchase_")]
    summed = vectors.sort("user_id").select(pl.sum_horizontal(pl.col(purchases).cast(pl.Float64)))
    assert bought["p_purchase"].to_list() == pytest.approx(summed.to_series().to_list())


def test_a_stored_model_answers_as_before(model, vectors, tmp_path):
    write(model, tmp_path / "archive")
    again = read_model(tmp_path / "archive")
    found = histories(known_at(_all_steps(), UNTIL), UNTIL)
    assert_frame_equal(again.answer(found, UNTIL), model.answer(found, UNTIL))
    assert again.evaluation.equals(model.evaluation)


def test_a_week_ends_with_the_tuesday_after_it():
    assert datetime.fromtimestamp(moment(date(2019, 10, 8)), UTC).isoformat() == (
        "2019-10-08T00:00:00+00:00"
    )
