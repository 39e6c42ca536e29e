"""What marketing can do for a segment: chosen by what sets it apart, never by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.delivery.report.features import FEATURES, Feature
from amazing_assets.delivery.report.figures import figures, wide

if TYPE_CHECKING:
    from amazing_assets.delivery.report.segments import Segment
    from amazing_assets.delivery.report.tables import ReportTables

WANTED = 3


class Rule(NamedTuple):
    """An action and what speaks for it; the texts `action.<key>` describe it.

    Attributes:
        high: Features in which the segment must stand above the population, the first tells why.
        low: Features in which it must stand below; tells why where `high` is empty.
        theme: Two actions of one theme would be one campaign.
    """

    key: str
    theme: str
    high: tuple[str, ...] = ()
    low: tuple[str, ...] = ()


RULES = (
    Rule("reward", "loyalty", high=("monetary_7m", "frequency")),
    Rule("keep_spenders", "loyalty", high=("monetary_7m", "recency_days")),
    Rule("win_back", "contact", high=("recency_days",)),
    Rule("welcome", "contact", low=("tenure_days",)),
    Rule("recall_carts", "cart", high=("view_to_cart_7m",), low=("cart_to_purchase_7m",)),
    Rule("reassure_at_checkout", "cart", low=("cart_to_purchase_7m",)),
    Rule("simplify_choice", "cart", high=("remove_per_cart_7m",)),
    Rule("advise", "conversion", high=("events_per_session_7m",), low=("view_to_purchase_7m",)),
    Rule("premium", "price", high=("price_position_7m",)),
    Rule("bargains", "price", low=("price_position_7m",)),
    Rule("promotions", "price", high=("discount_share_7m",)),
    Rule("neighbouring_categories", "range", high=("monetary_7m",), low=("category_entropy_7m",)),
    Rule("discoveries", "range", high=("category_entropy_7m",)),
    Rule("brand_news", "range", high=("top_brand_share_7m",)),
    Rule("replenish", "rhythm", high=("repurchase_share_7m",)),
    Rule("regular_newsletter", "rhythm", low=("gap_log_cv_7m",)),
    Rule("weekend", "calendar", high=("weekend_share_7m",)),
    Rule("season", "calendar", high=("holiday_lift_7m",)),
    Rule("larger_baskets", "basket", high=("frequency",), low=("avg_order_value_7m",)),
)

# For segments that hardly differ from the others: true of everybody, so never first. Each with the
# favourites that it names.
ALWAYS = {
    "favourite_category": ("category",),
    "right_hour": ("hour", "weekday"),
    "ask": (),
}

# By which measure the favourite is found, and the least share of the segment's events it must have.
MOST = {"category": "lift", "brand": "lift", "hour": "event_share", "weekday": "event_share"}
COMMON = {"category": 0.05, "brand": 0.01, "hour": 0.0, "weekday": 0.0}

# Below a fifth of a standard deviation nobody would notice the difference.
NOTICEABLE = 0.2


class Action(NamedTuple):
    """An action and the feature that speaks for it; None: it suits everybody."""

    key: str
    reason: Feature | None


def actions_for(tables: ReportTables, segment: Segment) -> list[Action]:
    """Return the actions that the profile of a segment supports most, up to three themes."""
    standings = dict(
        figures(tables, "feature")
        .filter(segment=segment.number, measure="z")
        .drop_nulls("value")
        .select("item", "value")
        .iter_rows()
    )
    ranked = sorted(RULES, key=lambda rule: -support(rule, standings))
    best: dict[str, Action] = {}
    for rule in ranked:
        if support(rule, standings) >= NOTICEABLE and len(best) < WANTED:
            best.setdefault(rule.theme, Action(rule.key, reason(rule)))
    chosen = list(best.values())
    liked = favourites(tables, segment)
    # What they like most may be hidden: there is then nothing to talk of.
    possible = [key for key, needs in ALWAYS.items() if all(liked[topic] for topic in needs)]
    return chosen + [Action(key, None) for key in possible[: WANTED - len(chosen)]]


def support(rule: Rule, standings: dict[str, float]) -> float:
    """Return how far the segment stands where the rule wants it: its weakest condition."""
    wanted = [standings.get(name, 0.0) for name in rule.high]
    wanted += [-standings.get(name, 0.0) for name in rule.low]
    return min(wanted)


def reason(rule: Rule) -> Feature:
    """Return the feature that a reader is told of."""
    name = (*rule.high, *rule.low)[0]
    return next(feature for feature in FEATURES if feature.name == name)


def favourites(tables: ReportTables, segment: Segment) -> dict[str, str]:
    """Return the category, brand and hour in which a segment is most active; blank if hidden."""
    found = {}
    for topic, measure in MOST.items():
        rows = wide(tables, topic, segment.name)
        if rows.is_empty():
            found[topic] = ""
            continue
        # A taste is what they look at more than others do, a habit what they do most.
        common = rows.drop_nulls(measure).filter(pl.col("event_share") >= COMMON[topic])
        first = common.sort(measure, "item", descending=[True, False])
        found[topic] = first["item"][0] if first.height else ""
    return found
