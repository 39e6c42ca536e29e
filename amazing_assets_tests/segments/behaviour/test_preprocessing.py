import numpy as np
import polars as pl
import pytest

from amazing_assets.segments.behaviour.population import stratified
from amazing_assets.segments.behaviour.preprocessing import BehaviourRepresentation
from amazing_assets.segments.behaviour.steps import (
    Dropped,
    DropUninformative,
    ImputeMedian,
    ShrinkRatios,
    Winsorise,
)
from amazing_assets.segments.clustering.rfm import RULES, RfmGrid
from amazing_assets_tests.segments.personas import personas, user_features


def test_a_rate_is_shrunk_towards_that_of_all_by_what_was_learnt():
    counts = pl.DataFrame(
        {
            "number_of_views_7m": [100.0, 0.0],
            "number_of_carts_7m": [10.0, 0.0],
            "number_of_purchases_7m": [5.0, 1.0],
            "number_of_removes_7m": [0.0, 0.0],
        }
    )
    rates = ShrinkRatios().fit(counts).transform(counts)
    assert rates["view_to_cart_7m"].to_list() == pytest.approx([(10 + 2) / 120, 0.1])
    # The purchase without a cart does not count as one of zero.
    assert rates["cart_to_purchase_7m"].to_list() == pytest.approx([(5 + 2) / 14, 0.5])
    assert rates["remove_per_cart_7m"].to_list() == [0, 0]


@pytest.mark.parametrize(("gaps", "told"), [(5, {}), (6, {"price_position_7m": 0.06})])
def test_gaps_become_the_median_and_are_told_when_frequent(gaps, told):
    rates = ("view_to_cart_7m", "cart_to_purchase_7m", "remove_per_cart_7m")
    price = pl.when(pl.int_range(pl.len()) >= gaps).then("price_position_7m")
    frame = user_features(personas(100)[0]).with_columns(
        *(pl.lit(0.1).alias(name) for name in rates), price_position_7m=price
    )
    step = ImputeMedian().fit(frame)
    assert step.missing_ == told
    filled = step.transform(frame)["price_position_7m"]
    assert filled.head(gaps).to_list() == [frame["price_position_7m"].median()] * gaps


def test_extremes_are_clipped_to_what_was_learnt():
    train = pl.DataFrame({"x": np.arange(1001.0)})
    clipped = Winsorise().fit(train).transform(pl.DataFrame({"x": [-9.0, 500.0, 1e9]}))
    assert clipped["x"].to_list() == [10, 500, 990]


def test_what_says_nothing_is_dropped_with_the_reason():
    x = np.arange(1000.0)
    frame = pl.DataFrame({"x": x, "same": x * 0, "rare": x > 995, "again": -np.exp(x / 100)})
    step = DropUninformative().fit(frame.cast(pl.Float64))
    assert step.kept_ == ["x"]
    again = step.dropped_.pop("again")
    assert again[:2] == ("redundant_with", "x")
    assert again.figure == pytest.approx(-1)
    assert step.dropped_ == {
        "same": Dropped("constant"),
        "rare": Dropped("one_value", figure=0.996),
    }


def test_bots_do_not_squeeze_the_others():
    features = user_features(personas(2_000)[0])
    bots = pl.col("user_id") <= 10
    attacked = features.with_columns(
        pl.when(bots).then(10.0**9).otherwise("frequency").alias("frequency")
    )
    spread = BehaviourRepresentation.fit(attacked).matrix(features[10:]).std(axis=0)
    # With interpolated bounds .17: ten bots in 2 000 customers end exactly where clipping starts.
    assert spread.min() > 0.9


def test_a_sample_takes_alike_from_every_tenth():
    frame = pl.DataFrame({"user_id": range(1000), "n_events_history": range(1000)})
    sample = stratified(frame, 100, seed=0)
    tenths = sample["n_events_history"] // 100
    assert tenths.value_counts().sort("n_events_history")["count"].to_list() == [10] * 10
    assert sample.equals(stratified(frame, 100, seed=0))
    assert not sample.equals(stratified(frame, 100, seed=1))


@pytest.mark.parametrize(
    ("scores", "group"),
    [
        ((5, 5, 5), "best_customers"),
        ((3, 3, 3), "loyal_customers"),
        ((4, 1, 3), "promising"),
        ((5, 1, 1), "new_customers"),
        ((3, 1, 1), "to_be_reminded"),
        ((1, 3, 3), "valuable_at_risk"),
        ((1, 1, 1), "asleep"),
    ],
)
def test_the_grid_follows_its_rules(scores, group):
    edges = np.tile([1.5, 2.5, 3.5, 4.5], (3, 1))
    placed = RfmGrid(edges).assign(np.array([scores], dtype=float))
    assert RULES[placed.labels[0]].code == group
    assert np.isnan(placed.margins).all()
