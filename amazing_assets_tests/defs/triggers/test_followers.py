"""What follows the assignments of a month: profiles, migrations, the report."""

import dagster as dg
import pytest

from amazing_assets.defs.triggers.jobs import SUMMARIES
from amazing_assets_tests.defs.triggers.ticks import DEC, NOV, OCT, Automation

FOLLOWERS = ("segment_profiles", "segment_migrations", "segment_report")


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
