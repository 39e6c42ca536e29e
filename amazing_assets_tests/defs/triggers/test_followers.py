"""What follows the assignments of a month, and what is made of it week by week."""

import dagster as dg
import pytest

from amazing_assets.defs.partitions import WEEKS
from amazing_assets.defs.triggers.jobs import SUMMARIES
from amazing_assets_tests.defs.triggers.ticks import DEC, ITS_OWN, NOV, OCT, Automation

FOLLOWERS = ("segment_profiles", "segment_migrations", "segment_report")

# In the order in which a backfill makes them.
OF_A_WEEK = (
    "customer_view",
    "customer_value",
    "churn_feedback",
    "churn_models",
    "churn_scores",
    "contact_lists",
)
OF_OCTOBER = ("2019-10-01", "2019-10-08", "2019-10-15", "2019-10-22")


class Segments(Automation):
    """The same sensor; of what it requests only what follows the assignments."""

    watched = FOLLOWERS


@pytest.fixture
def segments(tmp_path):
    """Three months have everything that is no matter of segments, and October its assignments."""
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        on = Segments(instance)
        for month in (OCT, NOV, DEC):
            on.made("clean_events", "event_statistics", *SUMMARIES, "user_features", month=month)
        on.made("segment_model")
        on.quiet()
        on.quiet()
        yield on


class Weeks(Automation):
    """The same sensor; of what it requests only what is made every week."""

    watched = OF_A_WEEK


@pytest.fixture
def weeks(tmp_path):
    """October has landed, and its weeks were asked for as one backfill."""
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        on = Weeks(instance)
        on.quiet()
        on.month_made(OCT)
        assert on.tick() == {name: {*OF_OCTOBER} for name in OF_A_WEEK}
        on.quiet()
        yield on


def assign(segments, *months):
    for month in months:
        segments.made("segment_assignments", month=month)


def finish(segments, *months):
    for month in months:
        segments.made(*FOLLOWERS, month=month)
    segments.quiet()
    segments.quiet()


def test_a_month_that_is_assigned_is_profiled_compared_and_reported(segments):
    assign(segments, OCT)
    assert segments.tick() == {name: {OCT} for name in FOLLOWERS}
    segments.quiet()


def test_a_month_assigned_again_is_compared_again_with_the_month_after_it(segments):
    assign(segments, OCT, NOV)
    segments.tick()
    finish(segments, OCT, NOV)
    assign(segments, OCT)
    requested = segments.tick()
    assert requested["segment_profiles"] == {OCT}
    assert requested["segment_migrations"] == requested["segment_report"] == {OCT, NOV}


def test_a_month_is_not_compared_before_it_is_assigned_itself(segments):
    assign(segments, OCT)
    assert NOV not in segments.tick()["segment_migrations"]


def test_new_statistics_alone_write_no_report(segments):
    assign(segments, OCT)
    segments.tick()
    finish(segments, OCT)
    segments.made("event_statistics", month=OCT)
    segments.quiet()


def test_weeks_that_automation_asked_for_together_are_made_once(weeks):
    for asset in OF_A_WEEK:
        # Side by side: a tick sees that all of them were made.
        for week in OF_OCTOBER[:2]:
            weeks.backfilled(asset, week, ITS_OWN, WEEKS)
        weeks.quiet()
    weeks.quiet()


def test_next_actions_are_foretold_of_the_weeks_that_have_landed_and_of_no_other(weeks):
    weeks.made("action_sequences", month=OCT)
    weeks.made("next_action_model")
    requested = weeks.tick(watched=["next_action_vectors"])
    assert requested == {"next_action_vectors": {*OF_OCTOBER}}


def test_a_view_that_somebody_makes_again_is_followed_by_what_is_made_of_it(weeks):
    for asset in OF_A_WEEK:
        weeks.backfilled(asset, OF_OCTOBER[1], ITS_OWN, WEEKS)
    weeks.quiet()
    weeks.made("customer_view", month=OF_OCTOBER[1])
    followed = {name: {OF_OCTOBER[1]} for name in OF_A_WEEK[1:]}
    # Models of later weeks learn from it too.
    assert weeks.tick() == followed | {"churn_models": {*OF_OCTOBER[1:]}}


def test_a_month_of_a_backfill_of_its_own_waits_for_the_first_model(automation_on):
    automation_on.month_made(OCT, NOV)
    assert automation_on.tick() == {"user_features": {OCT, NOV}}
    for month in (OCT, NOV):
        automation_on.backfilled("user_features", month, ITS_OWN)
    automation_on.quiet()
    automation_on.made("segment_model")
    assert automation_on.tick() == {"segment_assignments": {OCT, NOV}}
