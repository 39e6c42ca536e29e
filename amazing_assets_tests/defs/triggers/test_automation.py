import dagster as dg
import pytest

from amazing_assets.dates import trailing_months
from amazing_assets.defs.triggers.automation import automation
from amazing_assets.defs.triggers.jobs import SUMMARIES
from amazing_assets_tests.defs.triggers.ticks import A_PERSONS, DEC, ITS_OWN, NOV, OCT


def test_automation_runs_unless_somebody_stops_it():
    assert automation.default_status is dg.DefaultSensorStatus.RUNNING


def test_months_long_past_have_their_features_made(automation_on):
    automation_on.month_made(OCT)
    assert automation_on.tick() == {"user_features": {OCT}}


def test_features_are_requested_once_for_a_wave(automation_on):
    automation_on.month_made(OCT, NOV, DEC)
    assert automation_on.tick() == {"user_features": {OCT, NOV, DEC}}
    automation_on.quiet()
    for month in (OCT, NOV, DEC):
        automation_on.made("user_features", month=month)
    automation_on.quiet()
    automation_on.quiet()


def test_a_month_delivered_again_makes_every_month_again_that_looks_back_on_it(automation_on):
    months = trailing_months("2020-05", 8)
    automation_on.month_made(*months)
    automation_on.tick()
    automation_on.quiet()
    automation_on.month_made(OCT)
    assert automation_on.tick() == {"user_features": set(months[:7])}


def test_a_month_before_others_does_not_wait_for_them(automation_on):
    automation_on.month_made(DEC)
    assert automation_on.tick() == {"user_features": {DEC}}


def test_clean_events_alone_are_no_reason_for_features(automation_on):
    automation_on.month_made(OCT)
    automation_on.tick()
    automation_on.quiet()
    automation_on.made("clean_events", month=OCT)
    automation_on.quiet()


def test_a_month_whose_events_were_refused_gets_no_features(automation_on):
    automation_on.month_made(OCT)
    automation_on.tick()
    automation_on.quiet()
    automation_on.made(*SUMMARIES, month=NOV)
    automation_on.quiet()
    automation_on.made("clean_events", month=NOV)
    assert automation_on.tick() == {"user_features": {NOV}}


def test_what_exists_when_automation_starts_is_no_news(automation_on):
    automation_on.month_made(OCT, NOV)
    automation_on.cursor = None
    automation_on.quiet()
    automation_on.quiet()


def test_summaries_that_arrive_while_features_are_made_are_not_lost(automation_on):
    automation_on.month_made(OCT)
    assert automation_on.tick() == {"user_features": {OCT}}
    automation_on.quiet()
    run = automation_on.begin("user_features", OCT)
    automation_on.month_made(OCT)
    automation_on.quiet()
    automation_on.end(run)
    automation_on.made("user_features", month=OCT)
    assert automation_on.tick() == {"user_features": {OCT}}


def test_what_a_persons_backfill_made_is_not_made_again(automation_on):
    automation_on.month_made(OCT)
    run = automation_on.begin("sessions", OCT)
    automation_on.quiet()
    automation_on.backfilled("user_features", OCT, A_PERSONS)
    automation_on.end(run)
    automation_on.quiet()
    automation_on.month_made(OCT)
    assert automation_on.tick() == {"user_features": {OCT}}


def test_summaries_that_arrive_during_a_backfill_of_its_own_are_not_lost(automation_on):
    automation_on.month_made(OCT)
    automation_on.tick()
    automation_on.quiet()
    run = automation_on.begin("user_features", OCT)
    automation_on.month_made(OCT)
    automation_on.quiet()
    automation_on.backfilled("user_features", OCT, ITS_OWN)
    automation_on.end(run)
    assert automation_on.tick() == {"user_features": {OCT}}


def test_a_month_is_described_again_when_the_one_before_is_delivered_again(automation_on):
    automation_on.events_made(OCT)
    assert automation_on.tick() == {"event_statistics": {OCT}}
    automation_on.quiet()
    automation_on.events_made(DEC)
    assert automation_on.tick() == {"event_statistics": {DEC}}
    automation_on.quiet()
    automation_on.events_made(NOV)
    assert automation_on.tick() == {"event_statistics": {NOV, DEC}}
    automation_on.quiet()


def test_events_that_were_refused_are_not_described(automation_on):
    automation_on.made("raw_events", "rejected_events", month=OCT)
    automation_on.quiet()
    automation_on.quiet()


@pytest.mark.parametrize("month", [OCT, NOV])
def test_features_wait_for_runs_of_every_month_that_they_look_back_on(automation_on, month):
    automation_on.month_made(OCT, NOV)
    run = automation_on.begin("sessions", month)
    requested = automation_on.tick().get("user_features", set())
    assert NOV not in requested
    automation_on.end(run)
    assert automation_on.tick()["user_features"] | requested == {OCT, NOV}


def test_features_that_are_being_made_are_not_requested_as_well(automation_on):
    run = automation_on.begin("user_features", OCT)
    automation_on.month_made(OCT)
    automation_on.quiet()
    automation_on.end(run)
    assert automation_on.tick() == {"user_features": {OCT}}


def test_assignments_wait_for_a_model(automation_on):
    automation_on.made("user_features", month=OCT)
    automation_on.quiet()
    automation_on.made("segment_model")
    assert automation_on.tick() == {"segment_assignments": {OCT}}


def test_a_new_model_assigns_no_past_month_again(trained):
    trained.made("segment_model")
    trained.quiet()
    trained.quiet()


def test_assignments_follow_the_features_of_their_month_and_no_other(trained):
    trained.made("user_features", month=NOV)
    assert trained.tick() == {"segment_assignments": {NOV}}


def test_features_and_assignments_of_a_month_are_requested_together(trained):
    trained.month_made(NOV)
    wanted = {NOV}
    assert trained.tick() == {"user_features": wanted, "segment_assignments": wanted}


def test_assignments_wait_for_features_in_the_making(trained):
    trained.made("user_features", month=OCT)
    run = trained.begin("user_features", OCT)
    trained.quiet()
    trained.end(run)
    assert trained.tick() == {"segment_assignments": {OCT}}


def test_drift_follows_the_assignments_of_its_month(trained):
    trained.made("segment_assignments", month=OCT)
    assert trained.tick(watched=("segment_drift",)) == {"segment_drift": {OCT}}
