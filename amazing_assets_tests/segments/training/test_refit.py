"""Refits of planted personas: who they are, and what they are called, survives the training."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from amazing_assets.models.promotion import MAJOR, PROMOTED, REFUSED, Decision, Reason
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.naming.codes import Name
from amazing_assets.segments.search.past import Before
from amazing_assets.segments.threshold.choice import UNTESTED
from amazing_assets.segments.training.comparison import foresight
from amazing_assets.segments.training.material import Material
from amazing_assets.segments.training.published import Published
from amazing_assets.segments.training.refit import compared, outgrown, reads
from amazing_assets_tests.segments.personas import SHARES, personas, user_features

# Nothing is compared here that a search would find: as many groups as are planted.
CUSTOMERS = 2_000


def fitted(features, quick, k):
    return Published(SegmentModel.fit(features, replace(quick, ks=(k,), restarts=3)), UNTESTED)


@pytest.fixture(scope="module")
def month():
    """Traits of customers, and the persona of each."""
    return personas(CUSTOMERS)


@pytest.fixture(scope="module")
def champion(month, quick):
    features = user_features(month[0])
    return compared(fitted(features, quick, 7), None, Material(features), 0).published


@pytest.fixture(scope="module")
def later(month):
    """The same customers a month later: a little different, a tenth replaced by others."""
    rng = np.random.default_rng(5)
    traits = month[0] + 0.15 * rng.normal(size=month[0].shape)
    others, _ = personas(CUSTOMERS // 10, sample=3)
    return user_features(np.vstack([traits[CUSTOMERS // 10 :], others]), seed=6)


@pytest.fixture(scope="module")
def next_month(champion, later, quick):
    """The refit a month later, and the one after that on other customers still."""
    one = compared(fitted(later, quick, 7), champion, Material(later), 7)
    again = user_features(personas(CUSTOMERS, sample=8)[0], seed=9)
    return one, compared(fitted(again, quick, 7), one.published, Material(again), 7)


def names_of(published):
    return {number: name.code for number, name in published.model.names.items()}


def test_a_first_model_numbers_its_segments_from_the_largest(champion):
    assert champion.model.numbers.tolist() == [1, 2, 3, 4, 5, 6, 7]
    sizes = [segment.users for segment in champion.model.segments]
    assert sizes == sorted(sizes, reverse=True)


def test_refits_of_the_same_personas_keep_every_number_and_no_name_swaps(champion, next_month):
    for found in next_month:
        assert found.decision == Decision(PROMOTED)
        assert set(found.succession["fate"]) == {"kept"}
        assert found.succession["jaccard"].min() > 0.9
        assert names_of(found.published) == names_of(champion)


def test_customers_keep_their_numbers(champion, next_month, later):
    before, after = (
        published.model.place(later)["segment"] for published in (champion, next_month[0].published)
    )
    assert (before == after).mean() >= 0.95


def test_a_name_that_the_rules_would_change_is_kept_and_flagged(champion, later, quick):
    odd = Name("stags", ("recent", "loyal"), "reserve")
    first, *others = champion.model.segments
    renamed = replace(champion.model, segments=(first._replace(name=odd), *others))
    known = replace(champion, model=renamed)
    found = compared(fitted(later, quick, 7), known, Material(later), 7)
    assert found.published.model.names[first.number] == odd
    drifted = found.succession.filter("name_drift")
    assert drifted["segment"].to_list() == [first.number]


def test_a_persona_that_was_not_there_before_is_a_new_segment(month, quick):
    traits, truth = month
    features = user_features(traits)
    newcomer = int(np.argsort(SHARES)[-3])
    without = features.filter(pl.Series(truth != newcomer))
    known = compared(fitted(without, quick, 6), None, Material(without), 0).published
    seen = Material(features, fitted_on=without.select("user_id"))
    found = compared(fitted(features, quick, 7), known, seen, 6)
    fates = dict(found.succession.select("segment", "fate").iter_rows())
    assert fates == {**dict.fromkeys(range(1, 7), "kept"), 7: "new"}
    assert {names_of(found.published)[n] for n in range(1, 7)} == set(names_of(known).values())
    assert len(set(names_of(found.published).values())) == 7
    placed = found.published.model.place(features)
    assert (placed.filter(pl.Series(truth == newcomer))["segment"] == 7).mean() >= 0.95


def test_a_number_given_before_a_rollback_is_not_given_again(month, quick):
    traits, truth = month
    features = user_features(traits)
    without = features.filter(pl.Series(truth != 2))
    known = compared(fitted(without, quick, 6), None, Material(without), 0).published
    seen = Material(features, fitted_on=without.select("user_id"))
    found = compared(fitted(features, quick, 7), known, seen, 11)
    assert set(found.published.model.numbers) == {1, 2, 3, 4, 5, 6, 12}


@pytest.fixture(scope="module")
def coarse(later, quick):
    """Four groups instead of seven."""
    # Too few groups pass no gate of stability; this is about what happens to those that do.
    lax = dict.fromkeys(("min_strength", "min_segment_strength", "min_jaccard"), 0.0)
    lax |= dict.fromkeys(("min_segment_jaccard", "min_agreement"), 0.0)
    return fitted(later, replace(quick, **lax), 4)


def test_other_segments_wait_for_a_person(champion, coarse, later):
    found = compared(coarse, champion, Material(later), 7)
    assert found.decision.outcome == MAJOR
    (reason,) = found.decision.reasons
    assert (reason.code, reason.figures["least_share"]) == ("kept_share", 0.75)
    assert "retired" in set(found.succession["fate"])
    (merged,) = found.succession["merged_from"].drop_nulls()
    assert merged == "3, 4"


@pytest.mark.parametrize("tells", ["champion", "challenger"])
def test_who_tells_later_revenue_apart_less_well_is_not_promoted(
    tells, champion, coarse, month, later
):
    past = user_features(month[0])
    wise = champion if tells == "champion" else coarse
    segment = wise.model.place(past)["segment"].cast(pl.Float64)
    spent = past.select("user_id", revenue=100 * segment).filter(pl.col("revenue") > 100)
    found = compared(coarse, champion, Material(later, Before(past, spent)), 7)
    new, old = found.measured.eta_squared
    assert (old if tells == "champion" else new) == pytest.approx(1)
    told = Reason("eta_squared", {"new": new, "old": old})
    assert (told in found.decision.reasons) is (tells == "champion")


def test_what_nobody_counted_decides_nothing(champion, coarse, month):
    past = user_features(month[0])
    assert foresight(coarse.model, champion.model, Before(past)) is None
    assert (
        foresight(coarse.model, champion.model, Before(past.clear(), past.select("user_id")))
        is None
    )


def test_the_fallback_neither_gives_nor_takes_numbers(champion, grid, later):
    fallback = Published(grid, UNTESTED)
    after = compared(champion, fallback, Material(later), highest=7)
    assert after.published.model.numbers.tolist() == list(range(8, 15))
    assert after.succession is None
    assert after.decision.outcome == PROMOTED
    back = compared(fallback, champion, Material(later), highest=7)
    assert (back.decision.outcome, back.decision.is_published) == (REFUSED, False)
    assert back.decision.reasons[0] == Reason("alert", {"alert": "too_few_users"})


def test_a_champion_of_other_features_is_compared_with_nothing(champion, later):
    newer = later.with_columns(feature_version=pl.lit("3"))
    assert not reads(champion.model, newer)
    assert reads(champion.model, later)


@pytest.mark.parametrize(
    ("before", "now", "gives_way"),
    [
        (5, 60, True),
        (5, 6, False),
        (0, 5, True),
        (60, 100, False),
        (60, 120, True),
        (120, 60, False),
    ],
)
def test_what_was_made_for_want_of_customers_gives_way_to_more_of_them(before, now, gives_way):
    one, other = (SegmentModel.fit(user_features(personas(n)[0])) for n in (before, now))
    assert (one.alert, other.alert) == ("too_few_users", "too_few_users")
    assert outgrown(one, other) == gives_way


def test_a_grid_of_many_customers_takes_the_place_of_one_of_a_few():
    few, many = (user_features(personas(n)[0]) for n in (20, 60))
    champion = compared(Published(SegmentModel.fit(few), UNTESTED), None, Material(few), 0)
    grid = Published(SegmentModel.fit(many), UNTESTED)
    found = compared(grid, champion.published, Material(many), 7)
    assert found.decision.outcome == PROMOTED
