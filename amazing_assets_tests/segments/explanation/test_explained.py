from dataclasses import replace

import polars as pl
import pytest

from amazing_assets.models.tables import versioned
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.search.contract import (
    SegmentAssigners,
    SegmentCandidates,
    SegmentFeatures,
    SegmentValidation,
)
from amazing_assets.segments.search.past import Before
from amazing_assets_tests.segments.personas import personas, user_features

CONTRACTS = {
    "segment_candidates": SegmentCandidates,
    "segment_validation": SegmentValidation,
    "segment_features": SegmentFeatures,
    "segment_assigners": SegmentAssigners,
}


@pytest.mark.parametrize("table", CONTRACTS)
@pytest.mark.parametrize(("which", "is_searched"), [("model", True), ("grid", False)])
def test_every_table_keeps_its_contract(table, which, is_searched, request):
    found = request.getfixturevalue(which).search_tables[table]
    kept = CONTRACTS[table].validate(versioned(found, CONTRACTS[table], "3"))
    assert (kept.height > 0) is is_searched


def test_segments_hold_for_customers_held_out(model, settings):
    validation = model.found.validation
    folds = validation.filter(pl.col("fold").is_not_null())
    assert folds["fold"].n_unique() == settings.folds
    medians = dict(validation.filter(pl.col("fold").is_null()).select("measure", "value").rows())
    assert medians["agreement"] >= 0.95
    assert medians["likelihood gain"] > 0
    assert medians["agreement without the top 1 % spenders"] >= 0.9


def test_what_makes_the_segments_is_told_apart_from_what_does_not(quick):
    # Hours are drawn alike for all personas: whoever shuffles them moves nobody.
    traits, _ = personas(2_000)
    traits[:, 8] = personas(2_000, separation=0, sample=3)[0][:, 8]
    found = SegmentModel.fit(user_features(traits), replace(quick, min_users=10)).found.features
    assert found["feature"].to_list()[-1] == "hour_cos_7m"
    moved, without = found.tail(1).select("moved_by_shuffling", "agreement_without").row(0)
    assert moved < 0.02
    assert without > 0.97
    assert found["moved_by_shuffling"].max() > 0.1


def test_simpler_rules_learn_to_place_customers(model):
    agreements = dict(model.found.assigners.select("assigner", "agreement").rows())
    assert agreements["nearest neighbours"] >= 0.95
    assert agreements["support vector machine"] >= 0.95
    assert agreements["decision tree"] < agreements["support vector machine"]


def test_a_month_before_measures_stability_in_time_and_later_revenue(quick):
    features = user_features(personas(2_000)[0])
    spent = features.select("user_id", revenue=pl.col("monetary_7m") / 7)
    settings = replace(quick, min_users=10)
    model = SegmentModel.fit(features, settings, before=Before(features, spent))
    chosen = model.selection_table.filter("chosen").row(0, named=True)
    assert chosen["unmeasured_gates"] == "G7"
    assert chosen["agreement_in_time"] >= 0.9
    assert chosen["eta_squared"] > 0


def test_a_user_with_a_million_events_changes_nobody_elses_segment(model, planted):
    features, _ = planted
    busy = features.head(1).with_columns(
        pl.col("number_of_views_7m", "n_events_history") * 0 + 10**6,
        frequency=pl.lit(10.0**5),
        user_id=pl.lit(-1, pl.Int64),
    )
    with_it = model.place(pl.concat([features, busy]))
    assert with_it.head(features.height).equals(model.place(features))
    assert with_it.tail(1)["segment"].null_count() == 0
