from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sklearn.metrics import adjusted_rand_score

from amazing_assets.models.provenance import FeatureVersionError
from amazing_assets.segments.behaviour.columns import MissingColumnsError, UnusableColumnsError
from amazing_assets.segments.behaviour.representations import RfmRepresentation
from amazing_assets.segments.behaviour.steps import Dropped
from amazing_assets.segments.clustering.rfm import RFM, RFM_GROUPS
from amazing_assets.segments.contract import SegmentAssignments
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.threshold.choice import UNTESTED
from amazing_assets.segments.training.card import model_card
from amazing_assets.segments.training.published import Published
from amazing_assets_tests.segments.personas import ball, personas, spindle, user_features

MONTH = date(2020, 2, 1)
YOUTH = "G4 was not measured: there are no features of the month before."


def segment_of(model, features):
    return model.place(features)["segment"].to_numpy()


def test_planted_personas_are_found(model, planted):
    features, truth = planted
    assert model.alert is None
    assert len(model.segments) == 7
    assert adjusted_rand_score(truth, segment_of(model, features)) >= 0.95
    assert min(segment.strength for segment in model.segments) >= 0.95


def test_customers_never_seen_are_placed_as_well(model):
    traits, truth = personas(3_000, sample=1)
    features = user_features(traits, seed=9)
    assert adjusted_rand_score(truth, segment_of(model, features)) >= 0.95


def test_it_beats_the_rfm_grid(model, planted):
    features, truth = planted
    matrix = RfmRepresentation().matrix(features)
    rfm = RFM.fit(matrix, RFM_GROUPS, 0, 0).clustering.assign(matrix).labels
    found = adjusted_rand_score(truth, segment_of(model, features))
    assert found > adjusted_rand_score(truth, rfm) + 0.25


def test_more_segments_than_there_are_do_not_win(model):
    over = model.selection_table.filter(candidate="gmm_tied", k=8).row(0, named=True)
    best = model.selection_table.filter("chosen").row(0, named=True)
    # The published rule, the largest k of sufficient strength, would take it.
    assert over["prediction_strength"] >= 0.80
    assert over["silhouette"] < best["silhouette"]
    assert over["score"] < best["score"]


@pytest.mark.parametrize(
    "traits",
    # The last one is bent, its tenures lognormal: measured against one Gaussian it was promoted.
    [ball(2_000), spindle(2_000, length=2), spindle(6_000, length=2, seed=3)],
    ids=["round", "elongated", "bent"],
)
def test_nothing_is_found_in_noise(traits, settings):
    model = SegmentModel.fit(user_features(traits), replace(settings, ks=(3, 4, 5)))
    assert model.alert == "segmentation_not_stable"
    assert model.found.candidate == "rfm"
    assert not model.selection_table["chosen"].any()


def test_same_seed_same_model_whatever_the_order_of_rows(quick):
    features = user_features(personas(1_500)[0])
    one = SegmentModel.fit(features, quick, seed=4)
    other = SegmentModel.fit(features.sample(fraction=1, shuffle=True, seed=0), quick, seed=4)
    assert_frame_equal(one.selection_table, other.selection_table)
    assert one.segments == other.segments
    assert one.provenance == other.provenance
    assert_frame_equal(one.place(features), other.place(features))


def test_a_customers_segment_ignores_who_else_is_scored(model, planted):
    features, _ = planted
    together = model.place(features)
    alone = pl.concat(model.place(features[i]) for i in range(0, 4_000, 400))
    assert_frame_equal(together.gather_every(400), alone, check_exact=False, abs_tol=1e-9)


def test_who_cannot_be_classified_gets_the_reason(model, planted):
    features = (
        planted[0]
        .head(4)
        .with_columns(
            n_events_history=pl.Series([19, 20, 2_000, 2_000]),
            is_bot_suspect=pl.Series([False, False, True, False]),
            recency_days=pl.Series([1, 1, 1, 214], dtype=pl.Int32),
        )
    )
    assigned = SegmentAssignments.validate(Published(model, UNTESTED).assign(features, MONTH))
    assert assigned["reason"].to_list() == [
        "insufficient_events",
        None,
        "bot_suspect",
        "dormant_out_of_window",
    ]
    assert assigned["segment"].is_null().to_list() == [True, False, True, True]
    assert assigned["segment_name"].to_list().count("unclassified") == 3
    assert assigned["name_status"].is_null().to_list() == [True, False, True, True]


def test_the_first_day_of_the_window_still_counts(model, planted):
    # Seven months before 1 March 2020 is 1 August 2019, 213 days earlier.
    features = planted[0].head(1).with_columns(recency_days=pl.lit(213, pl.Int32))
    assert model.place(features)["reason"].to_list() == [None]


def test_nobody_to_score_is_an_empty_table(model, planted):
    assert model.place(planted[0].head(0)).height == 0


def test_a_missing_feature_is_named(model, planted):
    sentence = (
        "The snapshot lacks `price_position_7m`, which the segment model reads: nobody was scored."
    )
    with pytest.raises(MissingColumnsError, match=f"^{sentence}$"):
        model.place(planted[0].drop("price_position_7m"))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_cannot_be_computed_with_is_named(value):
    features = user_features(personas(600)[0], hour_sin_7m=pl.lit(value))
    sentence = r"NaN or infinity in `hour_sin_7m` \(600 rows\): nothing was fitted or scored\."
    with pytest.raises(UnusableColumnsError, match=f"^{sentence}$"):
        SegmentModel.fit(features)


def test_too_few_customers_get_the_rfm_grid(grid):
    assert (grid.alert, grid.found.candidate, len(grid.segments)) == ("too_few_users", "rfm", 7)
    assert sum(segment.users for segment in grid.segments) == 200


@pytest.mark.parametrize("customers", [0, 6])
def test_fewer_customers_than_groups_are_one_segment(customers):
    features = user_features(personas(10)[0]).head(customers)
    model = SegmentModel.fit(features)
    assert model.alert == "too_few_users"
    assert [segment.name.code for segment in model.segments] == ["undifferentiated"]
    assert model.place(features)["segment"].to_list() == [1] * customers


def test_identical_customers_are_one_segment():
    features = pl.concat([user_features(personas(1)[0])] * 600).with_columns(
        user_id=pl.int_range(600, dtype=pl.Int64)
    )
    model = SegmentModel.fit(features)
    assert model.alert == "undifferentiated"
    assert set(model.place(features)["segment_name"]) == {"undifferentiated"}


@pytest.mark.parametrize(
    ("absent", "dropped"),
    [
        (["number_of_removes_7m"], {"remove_per_cart_7m"}),
        (["number_of_purchases_7m", "monetary_7m"], {"cart_to_purchase_7m"}),
        (
            ["number_of_carts_7m", "number_of_removes_7m"],
            {"view_to_cart_7m", "cart_to_purchase_7m", "remove_per_cart_7m"},
        ),
    ],
    ids=["no removals", "no purchases", "no carts"],
)
def test_a_behaviour_the_files_do_not_record_is_dropped(absent, dropped, quick):
    zeros = {name: pl.lit(0).cast(pl.Int64) for name in absent}
    features = user_features(personas(1_000)[0], **zeros)
    model = SegmentModel.fit(features, quick)
    assert dict(model.found.dropped) == dict.fromkeys(dropped, Dropped("constant"))
    assert model.place(features)["segment"].null_count() == 0


def test_one_month_of_history_is_enough(quick):
    features = user_features(personas(1_000)[0]).with_columns(
        pl.col("recency_days", "tenure_days").clip(upper_bound=29)
    )
    model = SegmentModel.fit(features, quick)
    assert model.place(features)["reason"].null_count() == 1_000


def test_a_tenth_of_missing_prices_does_not_make_a_segment(quick):
    traits, truth = personas(3_000)
    features = user_features(traits).with_columns(
        price_position_7m=pl.when(pl.col("user_id") % 10 > 0).then("price_position_7m")
    )
    model = SegmentModel.fit(features, quick)
    assert adjusted_rand_score(truth, segment_of(model, features)) >= 0.95
    assert dict(model.found.gaps) == {"price_position_7m": pytest.approx(0.1)}


def test_progress_arrives_at_its_end(quick):
    reports = []
    SegmentModel.fit(
        user_features(personas(600)[0]), quick, progress=lambda *report: reports.append(report)
    )
    done = [report[0] for report in reports]
    assert done == sorted(done)
    assert done[0] == 0
    assert {total for _, total, _ in reports} == {done[-1]}


def test_the_card_says_what_one_must_know(model):
    card = model_card(model, UNTESTED)
    for fact in (
        "| gmm_tied | 7 |",
        "| rfm | 7 |",
        "20 events",
        "eligible: 4000",
        "## Limits",
        YOUTH,
    ):
        assert fact in card


def test_features_of_another_version_are_refused(model, planted):
    newer = planted[0].with_columns(feature_version=pl.lit("2+Europe/Paris"))
    with pytest.raises(FeatureVersionError) as refused:
        model.place(newer)
    assert str(refused.value) == (
        "The segment model reads features of version 2, these are of version "
        "2+Europe/Paris; materialize segment_model again, or the features if they are the older "
        "ones."
    )
