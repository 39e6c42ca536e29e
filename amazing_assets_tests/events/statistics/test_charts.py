import pytest

from amazing_assets.events.contract import CLEAN_EVENT_TYPES, EVENT_TYPES
from amazing_assets.events.statistics import charts
from amazing_assets.pictures import png
from amazing_assets_tests.builders import event, raw
from amazing_assets_tests.events.statistics.test_describe import describe, read, values
from amazing_assets_tests.specifications import encoded, parts, rows, titles

CHARTS = (
    charts.volume_by_day,
    charts.volume_by_hour,
    charts.customers_by_events,
    charts.price_distribution,
)


@pytest.fixture(scope="module")
def october_described(world):
    kept, rejected = read(world.files[0], world.months[0])
    return describe(kept, rejected.lazy(), world.months[0])


def measured(statistics, topic):
    """Events of each type, over all items of a topic."""
    names = {"view": "views", "cart": "carts", "remove_from_cart": "removes"}
    names |= {"purchase": "purchases", "return": "returns"}
    found = statistics.filter(topic=topic)
    return {kind: found.filter(measure=name)["value"].sum() for kind, name in names.items()}


@pytest.mark.parametrize(
    ("chart", "topic", "items"),
    [(charts.volume_by_day, "day", 31), (charts.volume_by_hour, "hour", 24)],
    ids=["day", "hour"],
)
def test_volumes_are_those_of_the_month_views_apart(october_described, chart, topic, items):
    spec = chart(october_described).to_dict()
    views, others = parts(spec)
    assert encoded(views) == encoded(others) == {"x": "item", "y": "events", "color": "type"}
    above, below = (spec["datasets"][part["data"]["name"]] for part in (views, others))
    assert {row["type"] for row in above} == {"view"}
    assert {row["type"] for row in below} == {"cart", "purchase", "return"}
    assert len({row["item"] for row in above}) == items
    drawn = dict.fromkeys(CLEAN_EVENT_TYPES, 0)
    for row in rows(spec):
        drawn[row["type"]] += row["events"]
    assert drawn == measured(october_described, topic)


def test_shares_of_customers_events_and_revenue_are_of_the_whole_month(october_described):
    spec = charts.customers_by_events(october_described).to_dict()
    assert encoded(spec) == {"x": "item", "xOffset": "measure", "y": "share", "color": "measure"}
    sums = dict.fromkeys(("customers", "events", "revenue"), 0)
    for row in rows(spec):
        sums[row["measure"]] += row["share"]
    assert sums == pytest.approx(dict.fromkeys(sums, 1))
    number = values(october_described, "customer", "all")["customers"]
    assert titles(spec)[0] == f"{number:,.0f} customers by their number of events, October 2019"


def test_prices_are_drawn_by_type_with_their_quantiles(october_described):
    spec = charts.price_distribution(october_described).to_dict()
    rule, bar, median, label = parts(spec)
    assert (encoded(rule)["x"], encoded(rule)["x2"]) == ("p5", "p95")
    assert (encoded(bar)["x"], encoded(bar)["x2"]) == ("p25", "p75")
    assert (encoded(median)["x"], encoded(label)["text"]) == ("p50", "p50")
    drawn = {row["item"]: row["p50"] for row in rows(spec)}
    # Nothing is taken out of a cart in this world.
    seen = ("view", "cart", "purchase")
    assert drawn == {kind: values(october_described, "price", kind)["p50"] for kind in seen}


def test_types_that_did_not_occur_are_not_drawn():
    spec = charts.volume_by_day(describe(raw(event()))).to_dict()
    (views,) = parts(spec)
    assert views["encoding"]["color"]["legend"]["values"] == ["view"]
    assert {row["type"] for row in rows(spec)} == {"view"}


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)
def test_a_months_picture_is_small_enough_for_the_event_log(october_described, chart):
    assert len(png(chart(october_described))) < 70_000


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)
@pytest.mark.parametrize("events", [0, 1, 4])
def test_a_month_of_few_events_can_be_drawn_as_well(chart, events):
    kinds = [event(event_type=kind) for kind in EVENT_TYPES]
    assert png(chart(describe(raw(*kinds[:events]))))
