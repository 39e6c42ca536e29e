import dagster as dg

from amazing_assets.defs.partitions import MONTHS, WEEKS
from amazing_assets.runs.plan import PlannedRun, only_newest_weeks, plan_runs


def asset(name, *deps, partitions=None):
    return dg.asset(lambda: None, name=name, deps=list(deps), partitions_def=partitions)


GRAPH = dg.Definitions(
    assets=[
        asset("visits", partitions=MONTHS),
        asset("features", "visits", partitions=MONTHS),
        asset("weekly_view", "visits", partitions=WEEKS),
        asset("weekly_alarm", "weekly_view", partitions=WEEKS),
        asset("model", "features", "weekly_view"),
        asset("assignments", "model", "features", partitions=MONTHS),
    ]
).resolve_asset_graph()
OF_OCTOBER = ("2019-10-01", "2019-10-08", "2019-10-15", "2019-10-22")


def planned(*assets, months=("2019-10", "2019-11")):
    keys = {dg.AssetKey(name) for name in assets}
    runs = plan_runs(GRAPH, keys, months)
    return [(run.partition, {key.to_user_string() for key in run.assets}) for run in runs]


def test_months_weeks_and_what_has_neither_are_made_in_the_order_of_their_needs():
    everything = ("visits", "features", "weekly_view", "weekly_alarm", "model", "assignments")
    weekly = {"weekly_view", "weekly_alarm"}
    assert planned(*everything, months=["2019-10"]) == [
        ("2019-10", {"visits", "features"}),
        *((week, weekly) for week in OF_OCTOBER),
        (None, {"model"}),
        ("2019-10", {"assignments"}),
    ]


def test_a_week_across_two_months_is_made_with_the_second():
    november = ["2019-10-29", "2019-11-05", "2019-11-12", "2019-11-19"]
    assert planned("weekly_view", months=["2019-11"]) == [(w, {"weekly_view"}) for w in november]


def test_assets_that_do_not_need_each_other_go_in_one_phase_whatever_their_cadence():
    assert planned("features", "weekly_view", months=["2019-10"]) == [
        ("2019-10", {"features"}),
        *((week, {"weekly_view"}) for week in OF_OCTOBER),
    ]


def test_weeks_before_the_first_one_are_no_part_of_a_plan():
    assert planned("weekly_view", months=["2019-09"]) == []


def test_a_month_that_does_not_exist_is_left_for_its_run_to_refuse():
    key = dg.AssetKey("visits")
    assert plan_runs(GRAPH, {key}, ["1999-01"]) == [PlannedRun((key,), "1999-01")]


def test_of_weeks_before_the_newest_only_what_is_always_made_stays():
    keys = {dg.AssetKey(name) for name in ("visits", "weekly_view", "weekly_alarm", "model")}
    runs = plan_runs(GRAPH, keys, ["2019-10"])
    kept = only_newest_weeks(runs, 1, {"weekly_view"})
    found = [(run.partition, {key.to_user_string() for key in run.assets}) for run in kept]
    assert found == [
        ("2019-10", {"visits"}),
        *((week, {"weekly_view"}) for week in OF_OCTOBER[:-1]),
        (OF_OCTOBER[-1], {"weekly_view", "weekly_alarm"}),
        (None, {"model"}),
    ]
    nothing_else = only_newest_weeks(runs, 1, frozenset())
    assert [run.partition for run in nothing_else] == ["2019-10", OF_OCTOBER[-1], None]
