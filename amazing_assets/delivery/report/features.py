"""The features that the report speaks of: label, unit, and which of them it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from amazing_assets.language.language import Language


class Feature(NamedTuple):
    """A feature that is shown.

    Attributes:
        name: Column of `user_features`; the text `feature.<name>` describes it.
        unit: days, hour, share, money, number.
        theme: Of features of one theme, only the most telling describes a segment.
    """

    name: str
    unit: str
    theme: str


FEATURES = (
    Feature("recency_days", "days", "recency"),
    Feature("frequency", "number", "frequency"),
    Feature("number_of_events_7m", "number", "frequency"),
    Feature("tenure_days", "days", "tenure"),
    Feature("gap_log_cv_7m", "number", "regularity"),
    Feature("events_per_session_7m", "number", "visit"),
    Feature("session_minutes_mean_7m", "number", "visit"),
    Feature("bounce_share_7m", "share", "bounce"),
    Feature("view_to_cart_7m", "share", "cart"),
    Feature("cart_to_purchase_7m", "share", "checkout"),
    Feature("view_to_purchase_7m", "share", "conversion"),
    Feature("remove_per_cart_7m", "share", "removal"),
    Feature("monetary_7m", "money", "money"),
    Feature("avg_order_value_7m", "money", "basket"),
    Feature("price_position_7m", "share", "price"),
    Feature("discount_share_7m", "share", "discount"),
    Feature("category_entropy_7m", "number", "variety"),
    Feature("top_brand_share_7m", "share", "brand"),
    Feature("repeat_product_share_7m", "share", "repeat"),
    Feature("repurchase_share_7m", "share", "repurchase"),
    Feature("holiday_lift_7m", "number", "holiday"),
    Feature("weekend_share_7m", "share", "weekend"),
    Feature("night_share_7m", "share", "night"),
    Feature("trend_2m_5m", "number", "trend"),
)

# Of these the rules of the segments speak, and nothing else.
IN_RULES = (
    Feature("usual_hour_7m", "hour", "hour"),
    Feature("hour_sin_7m", "number", "hour"),
    Feature("hour_cos_7m", "number", "hour"),
    Feature("brand_entropy_7m", "number", "brand"),
)

UNITS = {each.name: each.unit for each in (*FEATURES, *IN_RULES)}

# Enough for one look; the table `segment_profiles` holds all of them.
ON_THE_HEAT_MAP = tuple(
    feature
    for feature in FEATURES
    if feature.theme not in {"bounce", "repeat", "night", "trend"}
    and feature.name not in {"number_of_events_7m", "session_minutes_mean_7m"}
)


def label(name: str, language: Language) -> str:
    """Return what a feature is called within a sentence."""
    text = language.say(f"feature.{name}")
    return text[0].lower() + text[1:]


def written(value: float | None, unit: str, language: Language) -> str:
    """Return a feature's value in its unit."""
    if value is None:
        return language.number(None)
    if unit == "share":
        return language.share(value)
    if unit == "money":
        return language.money(value)
    if unit == "days":
        return language.say("unit.days", days=language.number(value))
    if unit == "hour":
        return language.say("unit.hours", hours=language.number(value, 1))
    return language.short(value)
