from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from sklearn.tree import DecisionTreeClassifier

from amazing_assets.lake.contract import find_faults, schema_of
from amazing_assets.models.tables import versioned
from amazing_assets.segments.behaviour.representations import RFM_COLUMNS
from amazing_assets.segments.clustering.centres import Centroids
from amazing_assets.segments.explanation.contract import SegmentConfusion, SegmentRoc
from amazing_assets.segments.explanation.fidelity import (
    Customers,
    confusion,
    cost_ratio,
    curves,
    figures,
)
from amazing_assets.segments.explanation.rules import rules_of, spoken
from amazing_assets.segments.explanation.surrogate import drawn, explain, told_tables
from amazing_assets.segments.explanation.tree import Tree, refined
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.naming.codes import Name
from amazing_assets.segments.search.evaluation import LEAST_LEAF
from amazing_assets.small_cells import SMALLEST_CELL
from amazing_assets_tests.segments.personas import personas, user_features

NAMES = {
    4: Name("lion"),
    6: Name("wolves", ("thrifty", "loyal"), "reserve"),
    7: Name("beavers", status="provisional"),
}


@pytest.fixture(scope="module")
def explained(model, planted):
    return explain(model, planted[0])


@pytest.fixture(scope="module")
def boxes(model):
    """Segments that a tree can copy: two centres that differ in one feature only."""
    centres = np.zeros((2, len(model.found.representation.pipeline["drop"].kept_)))
    centres[:, 0] = -1, 1
    found = replace(model.found, clustering=Centroids(centres))
    segments = tuple(model.segments[i]._replace(number=n) for i, n in enumerate((4, 6)))
    return replace(model, found=found, segments=segments)


def test_trees_of_three_sizes_are_judged_on_customers_they_never_saw(explained, model):
    everything = explained.figures.filter(pl.col("segment").is_null())
    assert everything["leaves_allowed"].to_list() == [7, 14, 28, None]
    overall = everything.drop_nulls("leaves_allowed")
    assert overall["customers"].unique().to_list() == [1_200]
    assert overall["accuracy"].is_sorted()
    assert overall["cost_ratio"].is_sorted(descending=True)
    assert overall["told"].sum() == 1
    assert overall.filter("told")["accuracy"].item() == explained.fidelity
    assert explained.figures.height == 4 * (1 + len(model.segments))


def test_what_any_tree_could_do_is_told_beside_what_readable_ones_do(explained):
    unlimited = explained.figures.filter(
        pl.col("leaves_allowed").is_null(), pl.col("segment").is_null()
    ).row(0, named=True)
    assert unlimited["leaves"] > 28
    assert unlimited["accuracy"] > 0.8
    assert not unlimited["told"]


def test_the_worst_segment_is_told_for_all(explained):
    figures = explained.figures.filter("told")
    segments = figures.drop_nulls("segment")
    overall = figures.filter(pl.col("segment").is_null()).row(0, named=True)
    assert overall["auc"] == segments["auc"].min()
    assert overall["f1"] == pytest.approx(segments["f1"].mean())


def test_confusion_tells_the_same_as_the_accuracy_of_each_segment(explained):
    diagonal = explained.confusion.filter(pl.col("segment") == pl.col("segment_by_rules"))
    assert explained.confusion.height == 7 * 7
    assert explained.confusion["customers"].min() >= 20
    assert diagonal["customers"].sum() / 1_200 == pytest.approx(explained.fidelity)
    told = explained.figures.filter("told").drop_nulls("segment")
    alike = told.select((pl.col("accuracy") * pl.col("customers")).round(6)).to_series()
    assert alike.to_list() == diagonal.sort("segment")["customers"].to_list()


@pytest.fixture(scope="module")
def few():
    """A tree of three leaves, asked about 300, 200 and 7 customers, of whom 36 stand elsewhere."""
    side = np.repeat([0.0, 1.0, 0.0, 1.0, 1.0, 2.0], [296, 4, 30, 170, 2, 5])
    truth = np.repeat([1, 2, 3], [300, 200, 7])
    tree = DecisionTreeClassifier(random_state=0).fit([[0.0], [1.0], [2.0]], [1, 2, 3])
    everybody = Customers(pl.DataFrame({"side": side}), side[:, None], truth)
    return Tree.of(tree), everybody


def test_no_table_of_the_rules_tells_on_a_few_customers(few):
    tree, everybody = few
    found = confusion(tree, everybody).sort("segment", "segment_by_rules")
    # Shown, 170 and the overall accuracy would tell of the 5, and then 30 of the 170.
    assert found["customers"].to_list() == [296, *[None] * 8]
    judged = figures(tree, everybody, np.array([1, 2, 3])).drop_nulls("segment")
    # Of 507, all but 300 and 200 are 7: the next smallest segment is hidden with the smallest.
    assert judged["customers"].to_list() == [300, None, None]
    assert judged["accuracy"].to_list() == [296 / 300, None, None]
    assert judged["f1"].null_count() == 2
    assert set(curves(tree, everybody)["segment"]) == {1, 2}


@pytest.mark.parametrize(
    ("contract", "build"), [(SegmentConfusion, confusion), (SegmentRoc, curves)]
)
def test_tables_of_the_rules_keep_their_contracts(few, contract, build):
    table = versioned(build(*few), contract, "1")
    assert table.columns == schema_of(contract).names()
    assert find_faults(contract.to_schema(), table) == []


def test_of_a_handful_of_customers_nothing_is_told_but_the_whole(few):
    tree, everybody = few
    handful = everybody.rows(slice(290, 310))
    judged = figures(tree, handful, np.array([1, 2, 3]))
    assert judged["customers"].to_list() == [20, None, None, None]
    assert judged["auc"].to_list() == [None] * 4
    assert judged["auc"].dtype == pl.Float64
    assert confusion(tree, handful)["customers"].drop_nulls().is_empty()
    assert curves(tree, handful).is_empty()


def test_no_rule_is_about_fewer_customers_than_may_be_shown(grid):
    features = user_features(personas(200)[0])
    # The share of the smallest leaf of 140: half a percent, without the rule, would be one of them.
    grown = drawn(grid, features, 0).grown
    assert grown == 140
    rules = explain(grid, features).rules.unique(("segment", "rule_number"))
    customers = rules["share"] * grown
    assert customers.round(6).min() >= SMALLEST_CELL
    assert customers.sum() == pytest.approx(grown)


def test_every_leaf_is_a_rule_of_numbered_conditions(explained):
    leaves = explained.figures.filter("told")["leaves"][0]
    rules = explained.rules.group_by("segment", "rule_number").agg(
        pl.col("condition_number").sort(), pl.col("share", "purity").unique()
    )
    assert rules.height == leaves
    assert rules["share"].explode().sum() == pytest.approx(1)
    assert rules["purity"].list.len().unique().to_list() == [1]
    numbered = rules["condition_number"].to_list()
    assert numbered == [list(range(1, 1 + len(numbers))) for numbers in numbered]
    assert explained.rules.filter(pl.all_horizontal(pl.col("above", "up_to").is_null())).is_empty()


def test_a_tree_of_one_leaf_is_a_rule_without_a_condition():
    alone = DecisionTreeClassifier().fit([[0.0], [1.0]], [4, 4])
    (rule,) = rules_of(Tree.of(alone), ["frequency"], NAMES).to_dicts()
    assert (rule["condition_number"], rule["feature"], rule["share"]) == (1, None, 1)


def test_segments_with_straight_borders_are_copied(boxes, planted):
    told = explain(boxes, planted[0])
    overall = told.figures.filter(pl.col("segment").is_null(), "told").row(0, named=True)
    assert overall["accuracy"] >= 0.99
    assert overall["auc"] >= 0.99
    assert overall["cost_ratio"] == pytest.approx(1, abs=0.01)
    assert overall["leaves"] == 2
    assert set(told.rules["segment"]) == {4, 6}
    assert told.rules["feature"].to_list() == ["frequency"] * 2


def test_one_segment_needs_no_rules():
    features = user_features(personas(10)[0]).head(6)
    model = SegmentModel.fit(features)
    assert explain(model, features) is None
    assert {table.height for table in told_tables(None).values()} == {0}


def test_the_fallback_is_explained_by_its_three_columns(grid):
    told = explain(grid, user_features(personas(200)[0]))
    assert set(told.rules["feature"]) <= set(RFM_COLUMNS)
    assert told.rules["feature"].null_count() == 0


def test_a_tree_that_copies_costs_nothing_and_one_that_does_not_costs():
    matrix = np.array([[0.0], [1.0], [10.0], [11.0]])
    truth = np.array([1, 1, 2, 2])
    assert cost_ratio(matrix, truth, truth) == 1
    assert cost_ratio(matrix, truth, np.array([1, 2, 1, 2])) == 100
    assert cost_ratio(matrix[:2] * 0, truth[:2], truth[:2]) == 1


def test_the_hour_is_told_as_such():
    hours = np.array([0.0, 6.0, 10.5, 23.0])
    angles = hours * np.pi / 12
    # The length says how punctual the customer is, and nothing of the hour.
    features = pl.DataFrame({"hour_sin_7m": np.sin(angles) / 3, "hour_cos_7m": np.cos(angles) / 3})
    assert spoken(features).columns == ["usual_hour_7m"]
    assert spoken(features)["usual_hour_7m"].to_list() == pytest.approx(hours)
    alone = features.drop("hour_sin_7m")
    assert spoken(alone).equals(alone)


@pytest.fixture(scope="module")
def slanted():
    """Three groups on either side of slanted borders, which no tree copies exactly."""
    rows = np.random.default_rng(3).normal(size=(3_000, 3))
    return rows, np.digitize(rows @ (1, 1, 0.5), (-1, 0.8))


@pytest.mark.parametrize("leaves", [3, 6, 12])
def test_refining_places_more_rows_and_leaves_no_leaf_too_small(slanted, leaves):
    rows, truth = slanted
    grown = Tree.of(
        DecisionTreeClassifier(
            max_leaf_nodes=leaves, min_samples_leaf=LEAST_LEAF, random_state=0
        ).fit(rows, truth)
    )
    better = refined(grown, rows, truth)
    right = [(tree.predict(rows) == truth).sum() for tree in (grown, better)]
    assert right[1] > right[0]
    assert better.leaves == grown.leaves == leaves
    assert better.counts[better.left < 0].sum(axis=1).min() >= LEAST_LEAF * len(rows)
    assert better.counts[0].tolist() == np.bincount(truth).tolist()
    assert refined(better, rows, truth).border.tolist() == better.border.tolist()


def test_rules_merge_a_path_into_one_interval_for_each_feature():
    rng = np.random.default_rng(0)
    days, share = rng.integers(0, 100, 4_000), rng.uniform(size=4_000)
    segment = np.select([days <= 20, days <= 60], [4, np.where(share <= 0.25, 6, 7)], 4)
    readable = pl.DataFrame({"recency_days": days.astype(float), "price_position_7m": share})
    tree = DecisionTreeClassifier(max_leaf_nodes=4, random_state=0)
    tree.fit(readable.to_numpy(), segment)
    rules = rules_of(Tree.of(tree), readable.columns, NAMES)
    told = rules.select("segment", "rule_number", "feature", "above", "up_to").rows()
    price = pytest.approx(0.25, abs=0.01)
    assert told == [
        (4, 1, "recency_days", 60.5, None),
        (4, 2, "recency_days", None, 20.5),
        (6, 1, "recency_days", 20.5, 60.5),
        (6, 1, "price_position_7m", None, price),
        (7, 1, "recency_days", 20.5, 60.5),
        (7, 1, "price_position_7m", price, None),
    ]
    cheap = rules.filter(segment=6)
    assert cheap["condition_number"].to_list() == [1, 2]
    assert cheap["purity"].to_list() == [1, 1]
    named = set(rules.select("segment", "segment_name", "name_status", "name_traits").rows())
    assert named == {
        (4, "lion", "settled", None),
        (6, "wolves", "reserve", "thrifty, loyal"),
        (7, "beavers", "provisional", None),
    }


def test_the_area_under_the_curve_that_is_stored_is_the_one_that_is_told(explained):
    told = explained.figures.filter("told", pl.col("segment").is_not_null())
    areas = dict(told.select("segment", "auc").iter_rows())
    for (number,), points in explained.roc.group_by("segment"):
        curve = points.sort("false_positive_rate", "true_positive_rate")
        xs, ys = curve["false_positive_rate"].to_numpy(), curve["true_positive_rate"].to_numpy()
        assert (xs[0], ys[0], xs[-1], ys[-1]) == (0, 0, 1, 1)
        assert np.trapezoid(ys, xs) == pytest.approx(areas[number])
    assert set(explained.roc["segment"]) == set(areas)


@pytest.mark.parametrize(("customers", "is_told"), [(63, False), (64, True)])
def test_rules_are_grown_on_enough_customers_to_judge_them_by_twenty(grid, customers, is_told):
    features = user_features(personas(customers)[0])
    assert (explain(grid, features) is not None) == is_told
