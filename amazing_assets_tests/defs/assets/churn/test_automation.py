"""When the weeks of risk are made by themselves."""

import dagster as dg
import pytest

from amazing_assets_tests.defs.triggers.ticks import OCT, Automation

FIRST, LAST = "2019-10-01", "2019-10-22"
OF_OCTOBER = {FIRST, "2019-10-08", "2019-10-15", LAST}


class Weeks(Automation):
    """The same sensor; of what it requests only the weeks of risk."""

    watched = ("churn_models", "churn_scores", "churn_feedback")


@pytest.fixture
def weeks(tmp_path):
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        on = Weeks(instance)
        on.quiet()
        yield on


def test_the_view_of_a_week_makes_its_models_and_they_its_scores(weeks):
    weeks.month_made(OCT)
    weeks.tick()
    weeks.quiet()
    weeks.made("customer_view", month=LAST)
    found = weeks.tick()
    assert found["churn_models"] == {LAST}
    assert LAST in found["churn_feedback"]
    weeks.quiet()
    weeks.made("churn_models", month=LAST)
    assert weeks.tick()["churn_scores"] == {LAST}


def test_scores_are_asked_after_by_the_weeks_in_which_they_mature(weeks):
    weeks.month_made(OCT)
    weeks.tick()
    weeks.quiet()
    weeks.made("churn_scores", month=FIRST)
    # None of those weeks is over in October.
    assert "churn_feedback" not in weeks.tick()
