from datetime import UTC, date, datetime

import pytest

from amazing_assets.delivery.classification.events import (
    NoReferenceError,
    read_events,
    reference_date,
    under_shop_ids,
)
from amazing_assets.landing.zone import LandedFile
from amazing_assets.pseudonym import pseudonym_of
from amazing_assets_tests.builders import KEY, event, landed, line, raw


def test_events_of_any_months_are_read_under_any_name(tmp_path):
    march = line(event_time="2020-03-01 00:00:00 UTC", user_id="12")
    file = landed(tmp_path, line(), march, "no event", name="export.csv")
    read, count = read_events(LandedFile.at(file), KEY)
    assert read.events["user_id"].to_list() == [pseudonym_of(n, KEY) for n in (541312140, 12)]
    assert (count.rows, count.kept, dict(count.reasons)) == (3, 2, {"too_few_fields": 1})
    named = under_shop_ids(read.events.select("user_id", "product_id"), read.ids)
    assert named["user_id"].to_list() == [12, 541312140]


@pytest.mark.parametrize(
    ("given", "reference"), [(None, date(2020, 1, 1)), (date(2019, 11, 1), date(2019, 11, 1))]
)
def test_without_a_date_all_events_count(given, reference):
    events = raw(event(), event(event_time=datetime(2019, 12, 31, 23, tzinfo=UTC)))
    assert reference_date(events, given) == reference


@pytest.mark.parametrize("year", [1, 1969, 2201, 9999])
def test_dates_at_which_nothing_can_be_computed_are_refused(year):
    moment = datetime(year, 12, 31, tzinfo=UTC)
    with pytest.raises(NoReferenceError, match="before 1970 or after 2200"):
        reference_date(raw(event(event_time=moment)), None)
    with pytest.raises(NoReferenceError, match="before 1970 or after 2200"):
        reference_date(raw(event()), moment.date())


def test_of_no_events_there_is_no_date():
    with pytest.raises(NoReferenceError, match="There is no event"):
        reference_date(raw(), None)
