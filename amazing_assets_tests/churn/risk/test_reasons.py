import numpy as np

from amazing_assets.churn.risk.features import PURCHASE_FEATURES, view_features
from amazing_assets.churn.risk.reasons import CODES, TOPICS, reasons

COLUMNS = ("recency_days", "frequency", "number_of_sessions_7m", "share_top_kids_7m")
USUAL = {"recency_days": 10.0, "frequency": 4.0, "number_of_sessions_7m": 9.0}


def told(features, added):
    found = reasons(np.array([features], float), np.array([added], float), COLUMNS, USUAL)
    return [rank[0] for rank in found]


def test_what_adds_most_comes_first_and_says_on_which_side_of_the_usual_it_is():
    assert told([30, 1, 2, 0], [0.5, 0.9, 0.0, 0.0]) == ["visits_low", "away_high", None]


def test_features_that_tell_of_the_same_thing_are_added_up():
    assert told([30, 8, 2, 0], [0.5, 0.3, 0.3, 0.0])[:2] == ["visits_high", "away_high"]


def test_what_speaks_against_it_or_hardly_for_it_is_no_reason():
    assert told([30, 1, 2, 0], [-2.0, 0.02, 0.01, 0.0]) == [None, None, None]


def test_what_no_topic_names_is_no_reason():
    assert told([30, 1, 2, 1], [0.2, 0.0, 0.0, 5.0]) == ["away_high", None, None]


def test_of_nobody_and_of_a_model_that_reads_nothing_there_are_no_reasons():
    assert reasons(np.empty((0, 4)), np.empty((0, 4)), COLUMNS, USUAL) == [[], [], []]
    assert reasons(np.empty((2, 0)), np.empty((2, 0)), (), {}) == [[None, None]] * 3


def test_every_topic_names_features_that_there_are():
    known = (*view_features(), *PURCHASE_FEATURES)
    unknown = {
        begins
        for topic in TOPICS
        for begins in topic.features
        if not any(name.startswith(begins) for name in known)
    }
    assert not unknown
    assert len(set(CODES)) == len(CODES)
