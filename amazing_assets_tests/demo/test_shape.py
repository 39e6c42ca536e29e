import numpy as np
import polars as pl
import pytest


@pytest.fixture(scope="module")
def events(autumn_events):
    return autumn_events.unique()


@pytest.fixture(scope="module")
def beauty(cosmetics_events):
    return cosmetics_events.unique()


def shares(events):
    return dict(events["event_type"].value_counts(normalize=True).iter_rows())


def sessions(events):
    return events.group_by("user_id", "user_session").agg(
        events=pl.len(),
        carted=(pl.col("event_type") == "cart").any(),
        bought=(pl.col("event_type") == "purchase").any(),
    )


def gaps(events):
    ordered = events.sort("user_id", "user_session", "event_time")
    gap = pl.col("event_time").diff().over("user_id", "user_session").dt.total_seconds()
    return ordered.select(gap).to_series().drop_nulls()


def test_the_multi_category_store_has_views_some_carts_and_no_removals(events):
    mix = shares(events)
    assert set(mix) == {"view", "cart", "purchase"}
    assert 0.88 < mix["view"] < 0.97
    assert 0.02 < mix["cart"] < 0.06


def test_the_cosmetics_shop_removes_what_it_carts(beauty):
    mix = shares(beauty)
    assert mix["view"] == pytest.approx(0.448, abs=0.06)
    assert mix["cart"] == pytest.approx(0.283, abs=0.06)
    assert mix["remove_from_cart"] == pytest.approx(0.200, abs=0.05)
    assert mix["purchase"] == pytest.approx(0.070, abs=0.04)


def test_sessions_are_short_and_many_are_one_event(events):
    per_session = sessions(events)
    assert 3 < per_session["events"].mean() < 6.5
    assert 0.28 < (per_session["events"] == 1).mean() < 0.45


def test_a_third_of_the_sessions_that_buy_have_no_cart(events):
    buying = sessions(events).filter("bought")
    assert 1 - buying["carted"].mean() == pytest.approx(0.35, abs=0.05)


def test_a_quarter_of_the_customers_has_few_events(events):
    per_user = events.group_by("user_id").len()["len"]
    assert 0.15 < (per_user < 20).mean() < 0.35


def test_gaps_within_sessions_are_as_measured(events):
    gap = gaps(events)
    measured = {0.5: 33, 0.75: 62, 0.9: 115, 0.95: 170}
    for quantile, seconds in measured.items():
        assert gap.quantile(quantile) == pytest.approx(seconds, rel=0.1)
    assert 0 < (gap == 0).mean() < 0.002


def test_cosmetics_orders_are_one_second(beauty):
    bought = beauty.filter(event_type="purchase")
    orders = bought.group_by("user_id", "user_session").agg(
        seconds=pl.col("event_time").n_unique(), items=pl.len()
    )
    assert (orders["seconds"] == 1).mean() > 0.99
    assert orders["items"].mean() > 1.8


def test_most_carted_cosmetics_were_never_viewed(beauty):
    pair = ["user_id", "product_id"]
    carted = beauty.filter(event_type="cart").unique(pair)
    viewed = beauty.filter(event_type="view").unique(pair)
    assert len(carted.join(viewed, on=pair, how="semi")) / len(carted) < 0.4


def test_removals_make_cosmetics_duplicates(cosmetics_events, beauty):
    copies = len(cosmetics_events) - len(beauty)
    assert copies / len(cosmetics_events) == pytest.approx(0.055, abs=0.02)


@pytest.mark.parametrize(("world", "median", "mean"), [("events", 154, 292), ("beauty", 5.3, 13.5)])
def test_prices_are_log_normal_about_the_measured_median(world, median, mean, request):
    price = request.getfixturevalue(world).filter(pl.col("price") > 0, event_type="view")["price"]
    assert price.median() == pytest.approx(median, rel=0.2)
    assert price.mean() == pytest.approx(mean, rel=0.25)


def test_a_few_products_get_most_of_the_looks(events):
    looks = events.group_by("product_id").len().sort("len", descending=True)["len"]
    assert looks.head(len(looks) // 100).sum() / looks.sum() == pytest.approx(0.18, abs=0.05)
    assert looks.head(len(looks) // 10).sum() / looks.sum() == pytest.approx(0.46, abs=0.05)


def test_brands_are_missing_by_type_of_event(events):
    missing = dict(events.group_by("event_type").agg(pl.col("brand").is_null().mean()).iter_rows())
    assert missing["view"] == pytest.approx(0.144, abs=0.03)
    assert missing["cart"] == 0
    assert missing["purchase"] == pytest.approx(0.084, abs=0.03)


def test_hours_follow_the_published_curve(events):
    published = [90, 177, 359, 529, 689, 771, 801, 811, 848, 832, 809, 794, 785, 832, 885, 866]
    published += [804, 733, 531, 363, 214, 123, 75, 57]
    hours = np.bincount(events["event_time"].dt.hour().to_numpy(), minlength=24)
    assert np.corrcoef(hours, published)[0, 1] > 0.88


def test_ids_have_the_published_form(events):
    assert events["category_id"].min() > 2**53
    assert events["user_id"].is_between(1_000_000, 999_999_999).all()
    assert events["product_id"].is_between(1_000, 99_999_999).all()
    uuid = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
    assert events["user_session"].drop_nulls().str.contains(uuid).all()
