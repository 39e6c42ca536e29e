"""Actions claim only what the figures printed beside them bear out."""

import pytest

from amazing_assets.delivery.report.actions import ALWAYS, LIKINGS, RULES, actions_for, favourites
from amazing_assets.delivery.report.chapters.advice import actions
from amazing_assets.delivery.report.features import UNITS
from amazing_assets.delivery.report.segments import segments_of
from amazing_assets.language.language import ENGLISH, FRENCH
from amazing_assets_tests.delivery.report.profiled import month, told


def keys(tables):
    """The actions for each segment, by its name."""
    segments = segments_of(tables, ENGLISH)
    return {
        each.name: [action.key for action in actions_for(tables, each, segments)]
        for each in segments
    }


def said(tables, language=ENGLISH):
    """What the page of the first segment says of actions, as one text."""
    _, items = actions(tables, language, segments_of(tables, language)[0])
    return "\n".join(item.text for item in items.items)


def test_good_customers_who_came_last_week_are_not_drifting_away():
    foxes = {"recency_days": (8.0, 0.6), "monetary_7m": (400.0, 1.2), "frequency": (1.8, -0.1)}
    assert "keep_spenders" not in keys(month(told(1, "foxes", 0.25, foxes)))["foxes"]
    away = {**foxes, "recency_days": (24.0, 0.6)}
    tables = month(told(1, "foxes", 0.25, away))
    assert keys(tables)["foxes"][0] == "keep_spenders"
    assert "time since the last activity, median 24\u00a0d against 5\u00a0d" in said(tables)


def test_customers_eight_days_away_are_not_woken_up():
    squirrels = {"recency_days": (8.0, 0.4)}
    assert "win_back" not in keys(month(told(1, "squirrels", 0.1, squirrels)))["squirrels"]
    assert keys(month(told(1, "squirrels", 0.1, {"recency_days": (45.0, 0.4)})))["squirrels"][
        0
    ] == ("win_back")


def test_a_habit_that_nobody_would_notice_speaks_for_nothing():
    hair = {"monetary_7m": (102.0, 0.9), "frequency": (2.05, 0.9)}
    assert "reward" not in keys(month(told(1, "lion", 0.5, hair)))["lion"]


@pytest.mark.parametrize("language", [ENGLISH, FRENCH])
def test_every_figure_that_speaks_for_an_action_is_printed(language):
    lions = {"monetary_7m": (900.0, 1.4), "frequency": (6.0, 1.1), "price_position_7m": (0.8, 1.5)}
    text = said(month(told(1, "lion", 0.5, lions)), language)
    for value, unit in ((900.0, "money"), (100.0, "money")):
        assert language.money(value) in text, unit
    assert language.short(6.0) in text
    assert language.share(0.8) in text


def test_who_pays_most_is_rewarded_and_no_two_segments_lead_with_the_same():
    rich = {"monetary_7m": (900.0, 1.4), "frequency": (6.0, 1.1), "price_position_7m": (0.8, 1.5)}
    found = keys(
        month(
            told(1, "foxes", 0.3, rich),
            told(2, "lion", 0.6, rich),
            told(3, "beavers", 0.1, rich),
        )
    )
    assert (found["lion"][0], found["foxes"][0]) == ("reward", "premium")
    leads = [each[0] for each in found.values()]
    assert len(set(leads)) == len(leads) == 3
    assert all(len(set(each)) == len(each) for each in found.values())


def test_a_taste_that_all_others_share_is_named_nowhere():
    tables = month(told(1, "lion", 0.5, {"price_position_7m": (0.8, 1.5)}, lift=1.2))
    (lions,) = segments_of(tables, ENGLISH)
    liked = favourites(tables, lions)
    assert (liked["category"], liked["brand"]) == ("", "")
    assert keys(tables)["lion"] == ["right_hour", "ask"]
    assert "electronics" not in said(tables)


def test_a_segment_for_which_nothing_is_left_says_so():
    alike = [told(number, f"segment {number}", 0.2, {}) for number in range(1, 6)]
    tables = month(*alike)
    assert [len(each) for each in keys(tables).values()] == [3, 3, 3, 0, 0]
    (alone,) = actions(tables, ENGLISH, segments_of(tables, ENGLISH)[-1])
    assert alone.text == ENGLISH.say("page.for_all")


def test_rules_speak_of_features_and_favourites_that_there_are():
    assert {sign.feature for rule in RULES for sign in rule.signs} <= set(UNITS)
    assert {topic for rule in RULES for topic in rule.needs} <= set(LIKINGS)
    assert {topic for needs in ALWAYS.values() for topic in needs} <= set(LIKINGS)


@pytest.mark.parametrize("language", [ENGLISH, FRENCH])
@pytest.mark.parametrize("key", [rule.key for rule in RULES] + list(ALWAYS))
def test_a_text_names_no_favourite_but_those_its_rule_needs(key, language):
    needs = {rule.key: rule.needs for rule in RULES} | ALWAYS
    liked = {topic: f"<{topic}>" for topic in needs[key]}
    assert language.say(f"action.{key}", **liked)
