from datetime import date, timedelta

import pytest

from amazing_assets.churn.outcomes import TASKS
from amazing_assets.churn.risk.origins import Origin, mature, rolling, serving, widened

WEEKS = tuple(date(2019, 10, 8) + timedelta(days=7 * week) for week in range(30))
BY_NAME = {task.name: task for task in TASKS}


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_what_happened_after_the_last_week_to_train_was_known_when_calibrated(task):
    horizon = timedelta(days=task.horizon_days)
    origins = [*rolling(WEEKS, task), serving(WEEKS, task)]
    assert len(origins) == 4
    assert max(max(each.train) - each.calibrate for each in origins) <= -horizon


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_what_calibrates_was_known_before_the_test_where_weeks_reach_so_far_back(task):
    horizon = timedelta(days=task.horizon_days)
    origins = rolling(WEEKS, task)
    assert [each.test for each in origins] == list(WEEKS[-3:])
    assert max(each.calibrate - each.test for each in origins) <= -horizon


def test_where_they_do_not_the_week_before_the_test_calibrates():
    few = WEEKS[:11]
    found = rolling(few, BY_NAME["cancel"], folds=1)
    assert found == (Origin(train=(few[0], few[1]), calibrate=few[9], test=few[10]),)


def test_at_most_so_many_weeks_are_trained_on_the_latest_ones():
    found = serving(WEEKS, BY_NAME["pause"], most=8)
    assert found == Origin(WEEKS[18:26], WEEKS[29], None)


def test_of_few_weeks_those_before_the_calibration_are_learnt_from_as_well():
    task = BY_NAME["cancel"]
    (narrow,) = rolling(WEEKS[:18], task, folds=1)
    wide = widened(narrow, WEEKS[:18])
    assert (narrow.train, narrow.calibrate) == ((WEEKS[0], WEEKS[1]), WEEKS[9])
    assert wide == narrow._replace(train=WEEKS[:9])
    assert not narrow.overlaps(task)
    assert wide.overlaps(task)


def test_too_few_weeks_are_no_origin():
    assert rolling(WEEKS[:4], BY_NAME["pause"]) == ()
    assert serving(WEEKS[:4], BY_NAME["pause"]) is None
    assert serving((), BY_NAME["pause"]) is None


def test_weeks_of_which_it_is_not_known_what_happened_are_no_weeks():
    task, end = BY_NAME["pause"], WEEKS[10] + timedelta(days=28)
    assert mature(WEEKS, task, end) == WEEKS[:11]
    assert mature(WEEKS, task, end - timedelta(days=1)) == WEEKS[:10]
