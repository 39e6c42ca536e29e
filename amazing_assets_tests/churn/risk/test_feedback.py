import polars as pl
import pytest

from amazing_assets.churn.outcomes import TASKS
from amazing_assets.churn.risk.feedback import reached, scored_week, uplift


def likeliest(held, held_out, reached, reachable):
    """Customers held out and others, of whom so many did it."""
    return pl.DataFrame(
        {
            "is_holdout": [True] * held_out + [False] * reachable,
            "outcome": [
                *([1.0] * held + [0.0] * (held_out - held)),
                *([1.0] * reached + [0.0] * (reachable - reached)),
            ],
        }
    )


def test_whom_campaigns_reach_pauses_less_often_by_the_uplift():
    told = uplift(likeliest(50, 100, 400, 1_000), is_good=False)
    assert told["value"] == pytest.approx(0.1)
    assert told["low"] < 0.1 < told["high"]
    assert told["high"] - told["low"] == pytest.approx(0.205, abs=0.01)


def test_where_what_happens_is_wanted_more_of_it_is_the_gain():
    assert uplift(likeliest(20, 100, 400, 1_000), is_good=True)["value"] == pytest.approx(0.2)


@pytest.mark.parametrize("few", [likeliest(9, 19, 40, 100), likeliest(4, 100, 40, 100)])
def test_of_too_few_nothing_is_told(few):
    told = uplift(few, is_good=False)
    assert (told["value"], told["low"], told["high"]) == (None, None, None)


def test_scores_mature_after_the_days_of_their_task():
    weeks = {task.name: scored_week(task, "2020-02-25") for task in TASKS}
    assert weeks == {"pause": "2020-01-28", "cancel": "2019-12-31", "reactivate": "2020-01-28"}


@pytest.mark.parametrize(
    ("contacted", "held_out", "raised"),
    [(6, 100, ["holdout_reached"]), (5, 100, []), (19, 19, []), (None, 100, [])],
)
def test_a_campaign_that_reaches_those_held_out_is_told(contacted, held_out, raised):
    were = [None if contacted is None else n < contacted for n in range(held_out)]
    others = {
        "is_holdout": [True] * held_out + [False] * 50,
        "was_contacted": [*were, *[True] * 50],
    }
    assert [row["item"] for row in reached(pl.DataFrame(others))] == raised
