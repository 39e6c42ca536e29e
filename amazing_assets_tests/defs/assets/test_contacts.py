"""Contacts that land beside the events, through Dagster and into the customer view."""

import dagster as dg
import pytest

from amazing_assets.defs.assets import customers
from amazing_assets.defs.resources.stores import LandingResource
from amazing_assets.defs.triggers.landing import landing_contacts
from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.defs.homes import MONTH, Home, checks, failure

OCT, WEEK = "2019-10", "2019-10-15"


def seen(user):
    return line(user_id=str(user), event_time="2019-10-02 12:00:00 UTC", user_session=str(user))


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path / "home")
    landed(made.landing, seen(1), seen(2))
    assert made.materialize(OCT, MONTH).success
    return made


def tell(home, *lines, header="user_id,contacted_at,campaign"):
    (home.landing / "2019-Oct.contacts.csv").write_text("\n".join([header, *lines, ""]))


def contacts_of(home):
    return home.materialize(OCT, [customers.contacts])


def view_of(home):
    assert home.materialize(WEEK, [customers.customer_view]).success
    return home.lake.scan("customer_view", WEEK).collect()


def test_who_was_contacted_before_the_date_is_told_in_the_view(home):
    tell(
        home,
        "1,2019-10-03,autumn",
        "1,2019-10-20 08:00:00 UTC,sale",
        "1,2019-10-22,late",
        "9,2019-10-03,x",
    )
    run = contacts_of(home)
    assert run.success
    (event,) = run.asset_materializations_for_node("contacts")
    assert event.metadata["dagster/row_count"].value == 3
    assert event.metadata["rejected rows"].value == {"unknown_customer": 1}
    check = checks(run)["contacts", "every_contact_is_of_a_known_customer"]
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.WARN
    columns = ("days_since_contact", "contacts_28d", "last_campaign")
    assert sorted(view_of(home).select(columns).rows(), key=str) == [
        (2, 2, "sale"),
        (None, 0, None),
    ]


def test_without_a_file_of_contacts_nothing_is_missed(home):
    run = contacts_of(home)
    assert run.success
    assert home.lake.months("contacts") == ()
    assert view_of(home)["contacts_28d"].to_list() == [0, 0]


def test_a_wrong_header_stops_the_contacts_alone_and_the_file_is_no_event_file(home):
    tell(home, "1,2019-10-03", header="customer,date")
    run = contacts_of(home)
    assert not run.success
    assert failure(run).startswith("2019-Oct.contacts.csv has a wrong header")
    again = home.materialize(OCT, MONTH)
    assert again.success
    assert checks(again)["raw_events", "every_file_of_the_month_is_read"].passed
    assert view_of(home).height == 2


def test_the_sensor_asks_for_contacts_once_they_and_the_events_are_there(home):
    tell(home, "1,2019-10-03,autumn")
    landing = LandingResource(root=str(home.landing), key_file="none", settle_seconds=0)
    with dg.DagsterInstance.ephemeral() as instance:

        def tick(cursor=None):
            context = dg.build_sensor_context(instance, cursor=cursor)
            result = landing_contacts(context, landing=landing)
            return [request.partition_key for request in result.run_requests or ()], result.cursor

        assert tick()[0] == []
        instance.report_runless_asset_event(dg.AssetMaterialization("clean_events", partition=OCT))
        months, cursor = tick()
        assert months == [OCT]
        assert tick(cursor)[0] == []
        tell(home, "1,2019-10-03,autumn", "2,2019-10-03,autumn")
        assert tick(cursor)[0] == [OCT]
