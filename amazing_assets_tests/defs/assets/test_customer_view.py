"""The customer view of a week through Dagster, and when it is made by itself."""

from datetime import date

import dagster as dg
import polars as pl
import pytest

from amazing_assets.cadence import WEEKLY
from amazing_assets.defs.assets import customers
from amazing_assets.defs.partitions import MONTHS
from amazing_assets.lake.contract import schema_of
from amazing_assets.pseudonym import pseudonym_of
from amazing_assets.segments.contract import SegmentAssignments
from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.defs.homes import MONTH, Home, checks
from amazing_assets_tests.defs.triggers.ticks import DEC, NOV, OCT, Automation

WEEK = "2019-10-29"  # from October into November
VIEW = [customers.customer_view]


def seen(user, day):
    return line(user_id=str(user), event_time=f"{day} 12:00:00 UTC", user_session=f"{user} {day}")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Three customers: of October, of both months, and of the day after the week."""
    made = Home(tmp_path_factory.mktemp("views"))
    landed(made.landing, seen(1, "2019-10-03"), seen(2, "2019-10-03"))
    november = seen(2, "2019-11-04"), seen(2, "2019-11-05"), seen(3, "2019-11-05")
    landed(made.landing, *november, name="2019-Nov.csv")
    for month in (OCT, NOV):
        assert made.materialize(month, MONTH).success
    return made


def pseudonyms(home, *users):
    key = (home.landing.parent / "pseudonym.key").read_text().strip()
    return [pseudonym_of(user, key) for user in users]


def view(home, week=WEEK):
    return home.lake.scan("customer_view", week).collect()


def test_a_week_across_two_months_knows_who_came_before_its_end(home):
    run = home.materialize(WEEK, VIEW)
    assert run.success
    assert checks(run)["customer_view", "keeps_contract"].passed
    told = {row["user_id"]: row for row in view(home).to_dicts()}
    once, twice = pseudonyms(home, 1, 2)
    assert told.keys() == {once, twice}
    assert told[twice]["n_events_history"] == 2
    assert told[twice]["events_wk_1"] == told[twice]["events_wk_5"] == 1
    assert told[once]["recency_days"] == 33
    assert {row["reference_date"] for row in told.values()} == {date(2019, 11, 5)}
    assert {row["segment"] for row in told.values()} == {None}


def test_the_page_of_a_week_shows_its_customers_and_what_it_was_made_of(home):
    run = home.materialize(WEEK, VIEW)
    (event,) = run.asset_materializations_for_node("customer_view")
    assert event.metadata["dagster/row_count"].value == 2
    assert event.metadata["months"].value == [OCT, NOV]
    assert event.metadata["last visits"].value.startswith("![](data:image/png;base64,")


def test_the_segment_is_that_of_the_month_before(home):
    (user,) = pseudonyms(home, 2)

    @dg.asset(
        partitions_def=MONTHS, io_manager_key="warehouse", metadata={"partition_expr": "month"}
    )
    def segment_assignments(context):
        month = date.fromisoformat(f"{context.partition_key}-01")
        row = {
            "month": month,
            "user_id": user,
            "segment": month.month,
            "segment_name": "lions",
            "name_status": "settled",
            "margin": 0.5,
            "model_version": "1",
        }
        return pl.DataFrame([row], schema=schema_of(SegmentAssignments))

    for month in (OCT, NOV):
        assert home.materialize(month, [segment_assignments]).success
    assert home.materialize(WEEK, VIEW).success
    told = dict(view(home).select("user_id", "segment").iter_rows())
    assert told[user] == 10


def test_a_week_whose_second_month_has_not_landed_is_left_empty(tmp_path):
    home = Home(tmp_path)
    landed(home.landing, seen(1, "2019-10-30"))
    assert home.materialize(OCT, MONTH).success
    assert home.materialize(WEEK, VIEW).success
    assert home.lake.partitions("customer_view", WEEKLY) == ()


def test_the_first_day_of_all_has_nobody_before_it(tmp_path):
    home = Home(tmp_path)
    landed(home.landing, seen(1, "2019-10-30"))
    assert home.materialize(OCT, MONTH).success
    run = home.materialize("2019-10-01", VIEW)
    assert run.success
    assert view(home, "2019-10-01").is_empty()


class Views(Automation):
    """The same sensor; of what it requests only the views."""

    watched = ("customer_view",)


@pytest.fixture
def views(tmp_path):
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        on = Views(instance)
        on.quiet()
        yield on


def test_a_months_summaries_make_the_views_that_are_complete_with_it(views):
    views.month_made(OCT)
    october = {"2019-10-01", "2019-10-08", "2019-10-15", "2019-10-22"}
    assert views.tick() == {"customer_view": october}
    views.made("customer_view", month="2019-10-22")
    views.quiet()
    views.month_made(NOV)
    november = {"2019-10-29", "2019-11-05", "2019-11-12", "2019-11-19"}
    assert views.tick()["customer_view"] >= november


def test_the_segments_of_a_month_make_the_views_of_the_next_again(views):
    views.month_made(OCT, NOV, DEC)
    views.tick()
    views.quiet()
    views.made("segment_assignments", month=OCT)
    found = views.tick()["customer_view"]
    assert found >= {"2019-10-29", "2019-11-05", "2019-11-12", "2019-11-19"}
    assert max(found) <= "2019-12-03"
    views.quiet()
