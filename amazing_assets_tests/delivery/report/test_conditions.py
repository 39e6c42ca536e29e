import polars as pl
import pytest

from amazing_assets.delivery.report.conditions import condition, rule
from amazing_assets.delivery.report.features import UNITS, label
from amazing_assets.language.language import ENGLISH, FRENCH, LANGUAGES
from amazing_assets.segments.behaviour.columns import FEATURES
from amazing_assets.segments.behaviour.representations import RFM_COLUMNS
from amazing_assets.segments.explanation.rules import spoken


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_feature_that_a_rule_may_ask_for_has_a_unit_and_words(language):
    asked = spoken(pl.DataFrame({name: [0.0] for name in FEATURES})).columns
    wanted = {*FEATURES, *asked, *RFM_COLUMNS}
    assert "usual_hour_7m" in wanted
    assert wanted <= set(UNITS)
    assert len({label(name, language) for name in wanted}) == len(wanted)


@pytest.mark.parametrize(
    ("interval", "english"),
    [
        (("recency_days", None, 11.5), "time since the last activity: at most 11\u00a0d"),
        (("recency_days", 11.5, None), "time since the last activity: more than 11\u00a0d"),
        (("price_position_7m", 0.2, 0.25), "price level within the category: 20.0% to 25.0%"),
        (("usual_hour_7m", 18.25, None), "usual hour: more than 18.2\u00a0h"),
        (
            ("monetary_7m", 1_234.9, None),
            "amount bought in seven months: more than 1,234\u00a0c.u.",
        ),
        (("hour_sin_7m", None, -0.25), "morning rather than evening: at most \u22120.25"),
    ],
)
def test_an_interval_is_told_in_units_that_people_use(interval, english):
    assert condition(*interval, ENGLISH) == english


def test_a_rule_tells_its_conditions_in_order_and_without_one_describes_everybody():
    rows = [
        {"feature": "frequency", "above": 3.0, "up_to": None},
        {"feature": "tenure_days", "above": None, "up_to": 90.0},
    ]
    assert rule(rows, ENGLISH) == (
        "visits a month: more than 3.00; time since the first activity: at most 90\u00a0d"
    )
    nothing = [{"feature": None, "above": None, "up_to": None}]
    assert (rule(nothing, ENGLISH), rule(nothing, FRENCH)) == ("all customers", "tous les clients")
