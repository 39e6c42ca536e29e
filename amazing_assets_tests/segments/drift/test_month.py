from datetime import date

import numpy as np
import polars as pl
import pytest

from amazing_assets.models.drift import alarms, borders, psi, psi_level, worst
from amazing_assets.segments.drift.month import (
    UndescribedError,
    drift_of_month,
    score,
    segment_drift,
)
from amazing_assets.segments.drift.reference import describe, told_share
from amazing_assets_tests.segments.personas import AS_OF, personas, user_features

MONTH = date(2020, 3, 1)


@pytest.fixture(scope="module")
def reference(model, planted):
    return describe(score(model, planted[0]), AS_OF, model.numbers)


def drift(reference, model, features):
    return segment_drift(reference, score(model, features), MONTH)


def figure(table, measure, item=None):
    rows = table.filter(pl.col("measure") == measure, pl.col("item").eq_missing(pl.lit(item)))
    return rows.row(0, named=True)


@pytest.mark.parametrize(
    ("before", "after", "index"),
    [
        ((0.5, 0.5), (0.5, 0.5), 0),
        ((0.5, 0.5), (0.4, 0.6), 0.1 * np.log(0.6 / 0.4)),
        ((0.5, 0.5), (1.0, 0.0), 0.5 * np.log(2) + (0.0001 - 0.5) * np.log(0.0002)),
    ],
)
def test_the_stability_index_of_two_distributions(before, after, index):
    assert psi(before, after) == pytest.approx(index)
    assert psi(after, before) == pytest.approx(index)


@pytest.mark.parametrize(
    ("index", "level"), [(0.099, "ok"), (0.10, "warn"), (0.249, "warn"), (0.25, "refit")]
)
def test_the_bands_of_the_index(index, level):
    assert psi_level(index) == level


def test_equal_values_share_a_bin():
    assert borders(np.array([1.0] * 95 + [2.0] * 5)) == (1.0,)
    assert borders(np.arange(100.0)) == pytest.approx(np.arange(1, 10) * 9.9)


def test_the_month_of_the_fit_has_not_moved(reference, model, planted):
    table = drift(reference, model, planted[0])
    assert worst(table) == "ok"
    assert alarms(table) == []
    assert table.filter(measure="feature_psi")["value"].max() == 0
    assert table.filter(measure="feature_psi").height == len(model.found.representation.kept)
    assert sum(table.filter(measure="share")["value"]) == pytest.approx(1)
    assert figure(table, "mean_margin")["value"] == reference.margin
    assert figure(table, "silhouette")["value"] == reference.silhouette


def test_other_customers_of_the_same_kinds_have_hardly_moved(reference, model):
    table = drift(reference, model, user_features(personas(4_000, sample=2)[0], seed=3))
    assert worst(table) == "ok"
    assert table.filter(measure="feature_psi")["value"].max() < 0.05


def test_a_feature_that_moves_is_named(reference, model, planted):
    moved = planted[0].with_columns(pl.col("price_position_7m") + 0.05)
    table = drift(reference, model, moved)
    assert worst(table) == "refit"
    assert figure(table, "feature_psi", "price_position_7m")["level"] == "refit"
    assert alarms(table)[0].startswith("feature_psi price_position_7m ")


def test_a_persona_that_goes_moves_the_shares(reference, model, planted):
    features, truth = planted
    table = drift(reference, model, features.filter(pl.Series(truth != 1)))
    assert figure(table, "share_psi")["level"] == "refit"


def test_customers_who_stand_between_segments_ask_for_a_refit(reference, model, planted):
    scored = score(model, planted[0])
    blurred = scored._replace(margins=scored.margins * 0.79)
    table = segment_drift(reference, blurred, MONTH)
    assert figure(table, "mean_margin")["level"] == "refit"
    blurred = scored._replace(margins=scored.margins * 0.81)
    assert worst(segment_drift(reference, blurred, MONTH)) == "ok"


def test_customers_without_a_segment_are_counted(reference, model, planted):
    few = planted[0].with_columns(
        n_events_history=pl.when(pl.col("user_id") % 4 == 0).then(3).otherwise(500)
    )
    assert figure(drift(reference, model, few), "unclassified_share")["value"] == 0.25


def test_the_share_of_a_few_customers_is_hidden_with_the_one_that_would_give_it_away(
    reference, model, planted
):
    scored = score(model, planted[0])
    sizes = {number: int((scored.segments == number).sum()) for number in reference.shares}
    smallest, next_smallest = sorted(sizes, key=sizes.get)[:2]
    kept = np.ones(len(scored.segments), dtype=bool)
    kept[np.flatnonzero(scored.segments == smallest)[19:]] = False
    few = scored._replace(
        segments=scored.segments[kept],
        margins=scored.margins[kept],
        matrix=scored.matrix[kept],
        readable=scored.readable.filter(kept),
    )
    shares = segment_drift(reference, few, MONTH).filter(measure="share")
    hidden = shares.filter(pl.col("value").is_null(), pl.col("reference").is_null())["item"]
    assert set(hidden) == {str(smallest), str(next_smallest)}
    assert shares["value"].null_count() == 2


def test_rules_know_no_doubt_and_nobody_moves_nothing(grid):
    features = user_features(personas(200)[0])
    reference = describe(score(grid, features), AS_OF, grid.numbers)
    assert reference.margin is None
    table = drift(reference, grid, features)
    margin = figure(table, "mean_margin")
    assert (margin["value"], margin["level"]) == (None, "ok")
    nobody = drift(reference, grid, features.head(0))
    assert figure(nobody, "share_psi")["level"] == "refit"
    assert figure(nobody, "unclassified_share")["value"] == 0


def test_a_model_from_before_drift_was_watched_says_so(model, lake):
    with pytest.raises(UndescribedError) as undescribed:
        drift_of_month(lake, model, None, "2020-02")
    assert str(undescribed.value) == (
        "The segment model does not say what its customers were like; materialize segment_model "
        "again."
    )


def test_of_a_few_customers_no_figure_of_drift_is_told(reference, model, planted):
    table = drift(reference, model, planted[0].head(19))
    assert table.filter(pl.col("measure").is_in(("share_psi", "feature_psi"))).is_empty()
    assert table.filter(pl.col("measure") != "unclassified_share")["value"].null_count() == (
        table.height - 1
    )


@pytest.mark.parametrize(("without", "share"), [(19, None), (20, 0.2), (81, None), (0, 0.0)])
def test_a_share_is_told_of_twenty_customers_on_either_side(without, share):
    assert told_share(without, 100) == share
