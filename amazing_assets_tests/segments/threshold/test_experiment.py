import shutil
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.storage import LakeError
from amazing_assets.lake.table import Lake
from amazing_assets.language.language import ENGLISH, FRENCH
from amazing_assets.progress import silent
from amazing_assets.segments.behaviour.population import EVENT_THRESHOLD
from amazing_assets.segments.threshold.agreement import BINS, Agreement, by_events
from amazing_assets.segments.threshold.choice import (
    ThresholdChoice,
    choose,
    chosen,
    covered,
    default,
    smallest_reliable,
)
from amazing_assets.segments.threshold.contract import FIGURES, REASONS
from amazing_assets.segments.threshold.experiment import (
    experiment,
    not_run,
    retest_agreement,
    table,
    told_coverage,
)
from amazing_assets.segments.threshold.retest import Watched, watch
from amazing_assets.segments.threshold.run import Champion, tried_threshold
from amazing_assets.segments.threshold.words import why
from amazing_assets.segments.visits.parts import PARTS
from amazing_assets.small_cells import SMALLEST_CELL
from amazing_assets_tests.segments.personas import AS_OF, personas, user_features

POPULATION = pl.DataFrame(
    {
        "n_events_history": [1, 4, 9, 16, 24, 60],
        "total_purchase_value": [0.0, 0.0, 1.0, 1.0, 8.0, 190.0],
    }
)


def bins(*kappas, customers=200):
    """Agreements of the first bins; a bound lies .03 below its kappa."""
    borders = zip(BINS, (*BINS[1:], None), strict=True)
    return [
        Agreement(low, high, customers, kappa, None if kappa is None else kappa - 0.03)
        for (low, high), kappa in zip(borders, kappas, strict=False)
    ]


def spaced(text):
    """A French sentence with ordinary spaces and apostrophes."""
    return text.translate({0x202F: " ", 0xA0: " ", 0x2019: "'"})


@pytest.fixture(scope="module")
def watched(october):
    return watch(october[0].lake, "2019-10", 1_000, seed=0)


@given(
    st.integers(2, 5).flatmap(
        lambda k: st.tuples(
            st.just(k), st.lists(st.tuples(*[st.integers(0, k - 1)] * 2), min_size=1, max_size=60)
        )
    )
)
@settings(max_examples=40, deadline=None)
def test_agreement_is_cohens_kappa(drawn):
    k, pairs = drawn
    one, other = np.array(pairs).T
    found = by_events(one, other, np.full(len(one), 9.0), k, seed=0)
    assert [each.customers for each in found] == [0, 0, 0, len(one), 0, 0, 0, 0, 0, 0]
    kappa = found[3].kappa
    if np.unique(np.concatenate([one, other])).size == 1:
        assert kappa is None
    else:
        assert kappa == pytest.approx(cohen_kappa_score(one, other))
        assert found[3].lower <= 1


def test_the_bound_comes_nearer_with_more_customers():
    rng = np.random.default_rng(0)
    one = rng.integers(0, 4, 4_000)
    other = np.where(rng.uniform(size=4_000) < 0.8, one, rng.integers(0, 4, 4_000))
    few, many = (by_events(one[:n], other[:n], np.full(n, 1.0), 4, seed=0)[0] for n in (100, 4_000))
    assert many.kappa - many.lower < few.kappa - few.lower
    assert many.lower < many.kappa


@pytest.mark.parametrize(
    ("kappas", "half"),
    [
        ((0.5, 0.6, 0.66, 0.7, 0.8), 5),
        ((0.7, 0.6, 0.64, 0.7, 0.8), 8),  # a good bin before a bad one does not count
        ((0.7, 0.7, 0.7), 1),
        ((0.5, 0.7, None, 0.7), 3),  # a bin that says nothing is neither good nor bad
        ((0.7, 0.7, 0.5), None),
        ((None, None), None),
        ((0.5, 0.629, 0.7), 5),
        ((), None),
    ],
)
def test_the_first_bin_from_which_all_agree(kappas, half):
    assert smallest_reliable(bins(*kappas)) == half


def test_a_kappa_that_is_good_by_luck_is_not():
    lucky = Agreement(3, 5, 200, 0.7, 0.59)
    assert smallest_reliable([lucky, *bins(0.7, 0.7)[:0]]) is None


def test_bins_of_few_customers_are_not_judged():
    assert smallest_reliable(bins(0.1, 0.1, customers=49)) is None
    assert smallest_reliable([*bins(0.1, 0.7), *bins(0.1, customers=49)]) == 3


def test_a_threshold_is_twice_the_half_and_says_why_in_two_languages():
    choice = choose(bins(0.5, 0.6, 0.6, 0.7, 0.8), POPULATION)
    assert (choice.events, choice.reason, choice.tested) == (16, "reliable", True)
    assert why(choice, ENGLISH) == (
        "16 events: from 8 events in each half of their visits on, customers get the same segment "
        "from either half (kappa 0.70, at least 0.67 with 95%, n = 200). It keeps 50.0% of the "
        "customers and 99.5% of the revenue."
    )
    assert spaced(why(choice, FRENCH)) == (
        "16 actions : à partir de 8 actions dans chaque moitié de leurs visites, les clients "
        "reçoivent le même segment de l'une et de l'autre (kappa 0,70, au moins 0,67 à 95 %, "
        "n = 200). Ce seuil garde 50,0 % des clients et 99,5 % du chiffre d'affaires."
    )


@pytest.mark.parametrize(
    ("kappas", "reason", "english", "french"),
    [
        (
            (0.5, 0.5),
            "no_agreement",
            "no number of events makes the two halves of customers agree well enough (kappa 0.65).",
            "aucun nombre d'actions ne suffit",
        ),
        (
            (0.5, 0.6, 0.6, 0.6, 0.6, 0.7),
            "revenue_lost",
            "40 events would be reliable but keep 95.0% of the revenue, 97% are wanted.",
            "40 actions seraient fiables mais ne gardent que 95,0 % du chiffre d'affaires, il en",
        ),
    ],
)
def test_the_default_stays_and_says_so(kappas, reason, english, french):
    choice = choose(bins(*kappas), POPULATION)
    assert (choice.events, choice.reason, choice.tested) == (EVENT_THRESHOLD, reason, False)
    assert why(choice, ENGLISH) == f"The default of 20 events stays: {english}"
    told = spaced(why(choice, FRENCH))
    assert told.startswith(f"La valeur par défaut de 20 actions est gardée : {french} ")


def test_a_share_that_is_too_small_never_reads_as_the_wanted_one():
    sold = pl.DataFrame({"n_events_history": [9, 1], "total_purchase_value": [96.96, 3.04]})
    choice = choose(bins(0.5, 0.7), sold)
    assert "keep 96.9% of the revenue, 97% are wanted." in why(choice, ENGLISH)
    assert "96,9 %" in spaced(why(choice, FRENCH))
    assert choice.figures["revenue_kept"] == pytest.approx(0.9696)


def test_nothing_was_bought_so_nothing_is_lost():
    unsold = POPULATION.with_columns(total_purchase_value=0.0)
    assert covered(unsold, 20).revenue_kept is None
    assert choose(bins(0.5, 0.7), unsold).events == 6


def test_what_a_threshold_keeps():
    assert covered(POPULATION, 9) == (9, 4, pytest.approx(4 / 6), pytest.approx(109 / 114), 1.0)


def test_halves_are_all_sessions_each_once(watched):
    whole = watched.whole
    counted = ["n_events_history", "number_of_sessions_7m", "number_of_purchases_7m"]
    halves = pl.concat([watched.parts["odd"], watched.parts["even"]])
    together = halves.group_by("user_id").agg(pl.col(counted).sum()).sort("user_id")
    assert together.equals(whole.sort("user_id").select("user_id", *counted))
    sizes = {name: part["number_of_sessions_7m"].sum() for name, part in watched.parts.items()}
    assert sizes["quarter"] + sizes["three_quarters"] == whole["number_of_sessions_7m"].sum()
    assert sizes["even"] >= sizes["odd"] > sizes["quarter"] > 0


def test_a_part_keeps_the_dates_of_the_whole_and_multiplies_rates(watched):
    part = watched.parts["quarter"]
    both = part.join(watched.whole, on="user_id", suffix="_whole")
    for name in ("recency_days", "tenure_days"):
        assert both[name].equals(both[f"{name}_whole"].alias(name))
    sessions = pl.col("number_of_sessions_7m") * 4
    expected = both.select(sessions / pl.col("tenure_days").clip(14) * 30).to_series()
    assert both["frequency"].to_list() == pytest.approx(expected.to_list())
    assert part.columns == watched.whole.columns


def test_bots_are_not_watched_and_a_sample_is_enough(october, watched):
    assert not watched.whole["is_bot_suspect"].any()
    few = watch(october[0].lake, "2019-10", 150, seed=0)
    assert few.whole.height == 150
    assert set(few.parts) == set(PARTS)
    assert few.whole["user_id"].is_in(watched.whole["user_id"].implode()).all()


def test_the_evidence_holds_every_experiment_and_the_choice(watched, model):
    evidence = experiment(model, watched, watched.whole, date(2019, 11, 1), seed=0)
    counts = dict(evidence.group_by("experiment").len().iter_rows())
    assert counts == {
        "test_retest": len(BINS),
        "thinning_25": len(BINS),
        "thinning_50": len(BINS),
        "thinning_75": len(BINS),
        "coverage": 3 * len(told_coverage(watched.whole)),
        "refit": 18,
        "choice": 1 + len(chosen(evidence).figures),
    }
    kept = evidence.filter(experiment="coverage", measure="users_kept").sort("at_least")["value"]
    assert kept[0] == 1
    assert kept.is_sorted(descending=True)
    bins = retest_agreement(model, watched, seed=0)
    assert sum(each.customers for each in bins) == watched.parts["odd"].height
    assert evidence.filter(experiment="test_retest")["customers"].to_list() == [
        each.customers if each.customers >= SMALLEST_CELL else None for each in bins
    ]


def test_customers_who_look_alike_in_both_halves_agree(model):
    features = user_features(personas(2_000)[0])
    seen = features.with_columns(n_events_history=pl.col("user_id") % 200 + 1)
    watched = Watched(seen, dict.fromkeys(PARTS, seen))
    population = seen.with_columns(total_purchase_value=0.0)
    evidence = experiment(model, watched, population, AS_OF, seed=0)
    assert set(evidence.filter(measure="kappa", experiment="test_retest")["value"]) == {1.0}
    # Bins of fewer than 50 customers are not judged, so the first of all is not the choice.
    choice = chosen(evidence)
    assert choice.tested
    assert choice.events == 2 * evidence.filter("passes", measure="kappa")["at_least"].min()


def test_without_segments_there_is_nothing_to_try(october):
    evidence = tried_threshold(october[0].lake, None, lambda *_: None, customers=200)
    choice = chosen(evidence)
    assert (choice.events, choice.tested) == (EVENT_THRESHOLD, False)
    assert choice.reason == "too_few_users"


def test_the_champion_is_what_is_tried(october, model):
    evidence = tried_threshold(
        october[0].lake, Champion(model, "3"), lambda *_: None, customers=200
    )
    assert evidence["model_version"].unique().to_list() == ["3"]
    assert evidence.filter(experiment="test_retest").height == len(BINS)


def test_no_features_no_experiment(lake, model):
    with pytest.raises(LakeError, match="The lake has no user_features yet"):
        tried_threshold(lake, Champion(model, "3"), lambda *_: None)


def test_an_experiment_that_was_not_run_is_a_table_too():
    evidence = not_run("visits_missing", AS_OF)
    assert chosen(evidence) == default("visits_missing")
    assert evidence.height == 1


def test_a_month_whose_visits_are_gone_keeps_the_default(october, model, tmp_path):
    home = october[0]
    bare = tmp_path / "lake"
    shutil.copytree(home.lake.root / "user_features", bare / "user_features")
    evidence = tried_threshold(
        Lake(bare, home.lake.shards, LocalEngine()), Champion(model, "3"), silent
    )
    assert chosen(evidence) == default("visits_missing")


@pytest.mark.parametrize("kappas", [(0.5, 0.6, 0.6, 0.7, 0.8), (0.5, 0.5), (0.5,) * 5 + (0.7,)])
def test_a_choice_comes_back_out_of_the_table_as_it_went_in(kappas):
    choice = choose(bins(*kappas), POPULATION)
    assert chosen(table([], choice, AS_OF)) == choice


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_words_that_need_no_other_figures_than_it_has(reason):
    # The figures of `reliable` and `revenue_lost` are asked for by name above.
    figures = dict.fromkeys((*FIGURES, "kappa", "users_kept", "revenue_kept"), 0.5)
    told = [why(ThresholdChoice(20, reason, figures), each) for each in (FRENCH, ENGLISH)]
    assert told[0] != told[1]
    assert all(text.startswith(("20 ", "The default", "La valeur")) for text in told)


def with_events(*counts):
    """Customers with so many events each: pairs of events and customers."""
    events = [events for events, customers in counts for _ in range(customers)]
    return pl.DataFrame({"n_events_history": events, "total_purchase_value": [1.0] * len(events)})


def test_what_a_threshold_keeps_is_told_of_twenty_customers_and_more():
    known = told_coverage(with_events((2, 100), (12, 40), (60, 20)))
    assert [each.customers for each in known] == [160, 60, 60, 60, 60, 20, 20, 20, 20]


def test_between_two_thresholds_that_are_told_lie_no_fewer_than_twenty():
    known = told_coverage(with_events((2, 7), (12, 40), (60, 33)))
    # From 3 events on there would be 73, and seven fewer than all.
    assert [(each.events, each.customers) for each in known] == [
        (1, 80),
        *((events, 33) for events in (15, 20, 30, 50)),
    ]


def test_agreements_of_a_few_customers_are_no_figures_of_the_table():
    rows: list[dict[str, object]] = [
        {
            "experiment": "test_retest",
            "measure": "kappa",
            "customers": n,
            "value": 0.5,
            "lower": 0.4,
        }
        for n in (19, 20)
    ]
    made = table(rows, default("no_agreement", {"kappa_wanted": 0.65}), AS_OF)
    told = made.filter(experiment="test_retest").select("customers", "value", "lower").rows()
    assert told == [(None, None, None), (20, 0.5, 0.4)]
    assert chosen(made).events == EVENT_THRESHOLD
