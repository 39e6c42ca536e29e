import duckdb
import polars as pl
import pytest

from amazing_assets.small_cells import SMALLEST_CELL
from amazing_assets_tests.segmented import MONTHS, NAMES, TOO_FEW

NOVEMBER = MONTHS[1]
FOXES, BEAVERS, LION, _ = (name.code for name in NAMES)


@pytest.fixture(scope="module")
def profiles(home_with_segments):
    return home_with_segments.figures("segment_profiles", NOVEMBER)


@pytest.fixture(scope="module")
def placed(home_with_segments):
    """Features of November beside the segment of each customer."""
    segments = home_with_segments.figures("segment_assignments", NOVEMBER)
    features = home_with_segments.table("user_features", NOVEMBER)
    return features.join(segments.select("user_id", "segment", "segment_name"), on="user_id")


def shown(profiles, **wanted):
    """Figures of some topic by segment and item; hidden ones are left out."""
    rows = profiles.filter(**wanted).drop_nulls("value")
    return {(row["segment_name"], row["item"]): row["value"] for row in rows.to_dicts()}


def test_sizes_are_those_of_the_assignments_and_features(profiles, placed):
    found = shown(profiles, topic="size", measure="user_share")
    groups = placed.group_by("segment_name").agg(pl.len(), pl.col("total_purchase_value").sum())
    revenue = shown(profiles, topic="size", measure="revenue")
    seen = {name: (n, value) for name, n, value in groups.iter_rows()}
    shares = {name: share for (name, _), share in found.items() if name != "population"}
    sums = {name: value for (name, _), value in revenue.items() if name != "population"}
    # Beside the small segment one of the large ones is hidden, whichever is the smallest.
    large = {FOXES, BEAVERS, LION}
    assert len(set(shares) & large) == 2
    assert set(shares) - large == {"unclassified"}
    assert shares == {name: pytest.approx(seen[name][0] / placed.height) for name in shares}
    assert len(set(sums) & large) == len(sums) == 2
    assert sums == {name: pytest.approx(seen[name][1]) for name in sums}


@pytest.mark.parametrize("feature", ["recency_days", "monetary_7m", "avg_price_7m"])
def test_quartiles_are_those_of_the_segment(profiles, placed, feature):
    medians = shown(profiles, topic="feature", measure="median")
    low = shown(profiles, topic="feature", measure="q25")
    known = placed.drop_nulls(feature).group_by("segment_name")
    counted = known.agg(
        pl.len(), pl.col(feature).median(), low=pl.col(feature).quantile(0.25, "linear")
    ).filter(pl.col("len") >= SMALLEST_CELL)
    assert {BEAVERS, LION} <= set(counted["segment_name"])
    for name, _, median, quarter in counted.iter_rows():
        assert medians[name, feature] == pytest.approx(median)
        assert low[name, feature] == pytest.approx(quarter)


def test_standing_orders_segments_and_averages_to_nothing(profiles, placed):
    z = shown(profiles, topic="feature", measure="z")
    busiest, quietest = (
        z["foxes", "n_events_history"],
        z["lion", "n_events_history"],
    )
    assert busiest > 1 > -1 > quietest
    assert z["population", "n_events_history"] == pytest.approx(0, abs=1e-9)
    # Ranks: a customer a million times as active would not move it.
    assert max(map(abs, z.values())) < 12**0.5 / 2


def test_tastes_and_hours_equal_a_recount_of_clean_events(home_with_segments, profiles):
    events = pl.concat([home_with_segments.table("clean_events", month) for month in MONTHS])
    segments = home_with_segments.figures("segment_assignments", NOVEMBER)
    with duckdb.connect() as connection:
        connection.register("events", events.cast({"event_type": pl.String}).to_arrow())
        connection.register("segments", segments.to_arrow())
        for topic, item in {
            "hour": "strftime(event_time at time zone 'UTC', '%H')",
            "category": "split_part(category_code, '.', 1)",
            "brand": "brand",
        }.items():
            seen = f"select segment_name, {item} as item from events join segments using (user_id)"
            counted = connection.execute(
                f"with seen as ({seen}), counted as (select segment_name, item, count(*) as n from "
                "seen where item is not null group by all) select segment_name, item, "
                "n / sum(n) over (partition by segment_name) from counted"
            ).fetchall()
            expected = {(name, key): share for name, key, share in counted}
            found = shown(profiles, topic=topic, measure="event_share")
            mine = {key: share for key, share in found.items() if key[0] != "population"}
            assert mine
            assert {key: pytest.approx(expected[key], abs=1e-12) for key in mine} == mine


def test_a_segment_too_small_to_be_shown_is_hidden_everywhere(profiles, placed):
    assert placed.filter(segment_name="wolves").height == TOO_FEW
    small = profiles.filter(segment_name="wolves")
    assert small.height
    assert small["is_suppressed"].all()
    assert small["value"].null_count() == small["users"].null_count() == small.height
    # Else it could be had by subtracting the others from the population.
    sizes = profiles.filter(pl.col("segment").is_not_null(), topic="size", measure="users")
    assert sizes["is_suppressed"].sum() == 2


def test_no_published_figure_is_of_fewer_than_twenty(profiles):
    published = profiles.filter(~pl.col("is_suppressed"))
    assert published["users"].min() >= SMALLEST_CELL
    assert profiles.filter("is_suppressed")["value"].null_count() == profiles["is_suppressed"].sum()


def test_every_figure_says_how_firmly_its_segment_is_named(profiles):
    held = set(profiles.select("segment_name", "name_status", "name_traits").iter_rows())
    assert held == {
        ("foxes", "provisional", None),
        ("beavers", "settled", None),
        ("lion", "settled", None),
        ("wolves", "reserve", "thrifty, loyal"),
        ("unclassified", None, None),
        ("population", None, None),
    }
