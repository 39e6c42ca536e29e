"""What segments like and when: whose figure goes so that a few customers stay hidden."""

import polars as pl

from amazing_assets.segments.contract import POPULATION
from amazing_assets.segments.profiles.preferences import MOMENTS, TASTES, taste_figures
from amazing_assets.small_cells import HIDDEN

MONTHS = ("2020-02", "2020-03", "2020-04")
ACTIVE = {"lion": (560, 547, 536), "foxes": (700, 690, 680), "tortoises": (90, 80, 12)}


def counted(topic, items=MONTHS):
    """How many customers of each segment were active in each month, ten events each."""
    rows = [
        {
            "segment": number,
            "segment_name": name,
            "topic": topic,
            "item": item,
            "events": 10 * users,
            "cents": 100 * users,
            "users": users,
            "buyers": users,
        }
        for number, (name, all_) in enumerate(ACTIVE.items(), start=1)
        for item, users in zip(items, all_, strict=True)
    ]
    return pl.DataFrame(rows, schema=TASTES)


def hidden(figures):
    """Which cells are hidden, by segment."""
    rows = figures.filter(pl.col(HIDDEN), measure="event_share")
    return set(rows.select("segment_name", "item").iter_rows())


def test_a_large_segment_keeps_its_months_where_a_small_neighbour_is_hidden():
    found = hidden(taste_figures(counted("season")))
    assert {item for name, item in found if name in {"lion", "foxes"}} == set()
    # The least month, and the one that would tell it: all shares of a segment add up to 1.
    assert {item for name, item in found if name == "tortoises"} == {"2020-03", "2020-04"}


def test_what_is_hidden_cannot_be_had_from_all_customers():
    for topic in MOMENTS:
        found = hidden(taste_figures(counted(topic)))
        small = {item for name, item in found if name == "tortoises"}
        assert small == {item for name, item in found if name == POPULATION} != set()


def test_no_lift_tells_the_hidden_share_of_all_customers():
    figures = taste_figures(counted("season"))
    told = figures.filter(~pl.col(HIDDEN), segment_name="lion")
    assert set(told.filter(measure="event_share")["item"]) == set(MONTHS)
    assert set(told.filter(measure="lift")["item"]) == {"2020-02"}


def test_of_a_taste_the_next_smallest_segment_is_hidden_and_the_lift_stays_known():
    figures = taste_figures(counted("category", ("kids", "sport", "auto")))
    found = hidden(figures)
    assert ("tortoises", "auto") in found
    assert ("lion", "auto") in found
    assert not {item for name, item in found if name == POPULATION}
    lifts = figures.filter(~pl.col(HIDDEN), measure="lift", segment_name="foxes")
    assert set(lifts["item"]) == {"kids", "sport", "auto"}
