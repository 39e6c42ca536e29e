"""When automation trains the model by itself: once, in the night after there are features."""

from datetime import timedelta

import pytest

from amazing_assets_tests.defs.triggers.ticks import DEC, NIGHT, NOON, NOV, OCT, TRAINED, UNTIL_JULY


def test_a_model_is_trained_out_of_a_wave_of_months_once_and_after_its_threshold(automation_on):
    for month in (OCT, NOV, DEC):
        automation_on.month_made(month)
        automation_on.tick()
        automation_on.made("user_features", month=month)
        automation_on.quiet()
    assert automation_on.tick(NIGHT, TRAINED) == {key: {None} for key in TRAINED}
    automation_on.made(*TRAINED)
    for _ in range(3):
        assert automation_on.tick(timedelta(days=1), TRAINED) == {}


def test_a_trained_model_places_new_months_and_is_not_trained_again(trained):
    for month in (NOV, DEC):
        trained.made("user_features", month=month)
        assert trained.tick() == {"segment_assignments": {month}}
    for _ in range(3):
        assert trained.tick(timedelta(days=1)) == {}
    assert trained.tick(UNTIL_JULY) == {}


def test_features_of_noon_wait_for_the_night_however_many_were_quiet(automation_on):
    assert automation_on.tick(NIGHT) == {}
    assert automation_on.tick(NOON) == {}
    automation_on.made("user_features", month=OCT)
    automation_on.quiet()
    assert automation_on.tick(NIGHT) == {"segment_model": {None}}


def test_a_first_training_that_fails_is_tried_once_more_in_the_next_night(automation_on):
    automation_on.made("user_features", month=OCT)
    automation_on.quiet()
    assert automation_on.tick(NIGHT) == {"segment_model": {None}}
    automation_on.failed("segment_model")
    automation_on.quiet()
    assert automation_on.tick(timedelta(days=1)) == {"segment_model": {None}}
    automation_on.failed("segment_model")
    for _ in range(3):
        assert automation_on.tick(timedelta(days=1)) == {}


def test_a_new_threshold_alone_trains_nothing(automation_on):
    automation_on.made("event_threshold")
    assert automation_on.tick(NIGHT) == {}


@pytest.mark.parametrize("asset", ["user_features", "event_threshold", "segment_model"])
def test_the_model_waits_for_runs_under_way(automation_on, asset):
    automation_on.made("user_features", month=OCT)
    automation_on.quiet()
    run = automation_on.begin(asset, OCT if asset == "user_features" else None)
    assert automation_on.tick(NIGHT) == {}
    automation_on.end(run)
    assert automation_on.tick() == {"segment_model": {None}}
