"""What follows and fails: made again once for the same news, and not for ever."""

from amazing_assets_tests.defs.triggers.ticks import OCT


def test_statistics_whose_run_failed_are_made_again_once_for_the_same_news(automation_on):
    automation_on.events_made(OCT)
    assert automation_on.tick() == {"event_statistics": {OCT}}
    automation_on.quiet()
    fails_twice_and_is_made_again_once(automation_on, "event_statistics")
    automation_on.events_made(OCT)
    assert automation_on.tick()["event_statistics"] >= {OCT}
    automation_on.quiet()
    fails_twice_and_is_made_again_once(automation_on, "event_statistics")


def test_assignments_whose_run_failed_are_made_again_once_for_the_same_news(trained):
    trained.made("user_features", month=OCT)
    assert trained.tick() == {"segment_assignments": {OCT}}
    trained.quiet()
    fails_twice_and_is_made_again_once(trained, "segment_assignments")
    trained.made("user_features", month=OCT)
    assert trained.tick() == {"segment_assignments": {OCT}}
    trained.quiet()
    fails_twice_and_is_made_again_once(trained, "segment_assignments")


def fails_twice_and_is_made_again_once(automation_on, asset):
    automation_on.fails_under_watch(asset, OCT)
    assert automation_on.tick() == {asset: {OCT}}
    automation_on.quiet()
    automation_on.fails_under_watch(asset, OCT)
    for _ in range(5):
        automation_on.quiet()


def test_assignments_that_failed_at_once_and_succeed_then_are_left_alone(trained):
    trained.made("user_features", month=OCT)
    trained.tick()
    trained.failed("segment_assignments", OCT)
    assert trained.tick() == {"segment_assignments": {OCT}}
    trained.made("segment_assignments", month=OCT)
    trained.quiet()
    trained.quiet()


def test_tables_of_a_model_whose_run_failed_are_made_again_once(trained):
    rules = ("segment_rules",)
    trained.made("segment_model")
    assert trained.tick(watched=rules) == {"segment_rules": {None}}
    for requested in ({"segment_rules": {None}}, {}, {}):
        trained.failed("segment_rules")
        assert trained.tick(watched=rules) == requested
        assert trained.tick(watched=rules) == {}


def test_what_failed_before_automation_started_is_not_made_again(automation_on):
    automation_on.events_made(OCT)
    automation_on.failed("event_statistics", OCT)
    automation_on.cursor = None
    automation_on.quiet()
    automation_on.quiet()
