import numpy as np
import polars as pl
import pytest

from amazing_assets.next_actions.histories import DAY, histories
from amazing_assets.next_actions.returns import Returns, learn_returns
from amazing_assets.next_actions.vocabulary import ACTIONS, END_SESSION, INACTIVE
from amazing_assets.next_actions.weeks import known_at
from amazing_assets_tests.next_actions.worlds import UNTIL, of_personas

ANY_DAY_ALIKE = Returns(np.array([]), 1 - np.arange(29)[None] / 28)


def told(gone, rows=1):
    found = np.full((rows, len(ACTIONS)), (1 - gone) / 57, dtype=np.float32)
    found[:, INACTIVE] = gone
    return found


def test_the_longer_somebody_is_away_the_likelier_it_stays_so():
    days = np.array([0.0, 7.0, 21.0, 27.9, 28.0, 90.0])
    found = ANY_DAY_ALIKE.waited(told(0.1, 6), days)
    assert found[0, INACTIVE] == pytest.approx(0.1)
    assert (np.diff(found[:5, INACTIVE]) > 0).all()
    assert found[4:, INACTIVE].tolist() == [1.0, 1.0]
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


def test_days_away_are_reckoned_by_bayes():
    found = ANY_DAY_ALIKE.waited(told(0.2), np.array([14.0]))[0, INACTIVE]
    assert found == pytest.approx(0.2 / (0.2 + 0.8 * 0.5))


def test_of_nobody_who_came_back_every_day_is_alike():
    seen, law = of_personas(5)
    nobody = learn_returns(law, seen.found, np.array([], dtype=np.int64))
    np.testing.assert_allclose(nobody.still_away, ANY_DAY_ALIKE.still_away)


def steps_of(found):
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


def test_on_a_day_as_many_stay_away_as_was_told_of_them():
    seen, law = of_personas(2500)
    day, steps = UNTIL - 29 * DAY, steps_of(seen.found)
    found = histories(known_at(steps, day), day)
    returns = learn_returns(law, seen.found, seen.parts.train)
    away = (day - found.at[found.last]) / DAY
    answer = returns.waited(law.probabilities(found, found.last), away)[:, INACTIVE]
    later = steps.filter(pl.col("at") >= day).group_by("user_id").agg(pl.col("at").min())
    back = dict(later.iter_rows())
    gone = [
        back.get(customer, np.inf) - at > 28 * DAY
        for customer, at in zip(found.customers, found.at[found.last], strict=True)
    ]
    ended = (found.tokens[found.last] == END_SESSION) & (away < 28)
    for first, last in ((0, 7), (7, 28)):
        some = ended & (away >= first) & (away < last)
        assert some.sum() > 300
        assert answer[some].mean() == pytest.approx(np.array(gone)[some].mean(), abs=0.05)
