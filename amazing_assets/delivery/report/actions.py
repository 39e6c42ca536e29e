"""What marketing can do for a segment: chosen by what sets it apart, never by its name.

A distance in standard deviations alone makes wrong claims: customers whose median last visit was 8
days ago, where that of all was 5, were to be woken up. So an action also has a floor, a value that
the segment's own median must pass, and is told with every figure that speaks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.delivery.report.figures import value, wide
from amazing_assets.segments.contract import POPULATION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amazing_assets.delivery.report.segments import Segment
    from amazing_assets.delivery.report.tables import ReportTables

WANTED = 3

# Below a fifth of a standard deviation, or a twentieth of the value, nobody would notice.
NOTICEABLE = 0.2
NOTICEABLE_SHARE = 0.05


class Sign(NamedTuple):
    """A habit that speaks for an action.

    Attributes:
        feature: Column of `user_features`.
        side: 1 where the segment must stand above the population, -1 below it.
        floor: What its median must pass; None: to stand apart is enough.
    """

    feature: str
    side: int
    floor: float | None = None


def high(feature: str, floor: float | None = None) -> Sign:
    """Return the sign of standing above the population, and above a floor."""
    return Sign(feature, 1, floor)


def low(feature: str, floor: float | None = None) -> Sign:
    """Return the sign of standing below the population, and below a floor."""
    return Sign(feature, -1, floor)


class Rule(NamedTuple):
    """An action and what speaks for it; the texts `action.<key>` describe it.

    Attributes:
        key: Names the action.
        theme: Two actions of one theme would be one campaign.
        signs: All must hold; each is told.
        needs: The favourites that the text names.
        goes_first: Where it holds, nothing else matters as much.
    """

    key: str
    theme: str
    signs: tuple[Sign, ...]
    needs: tuple[str, ...] = ()
    goes_first: bool = False


RULES = (
    Rule("reward", "loyalty", (high("monetary_7m"), high("frequency")), goes_first=True),
    Rule(
        "keep_spenders",
        "loyalty",
        (high("monetary_7m"), high("recency_days", 21)),
        ("category",),
        goes_first=True,
    ),
    Rule("win_back", "contact", (high("recency_days", 30),), ("category",), goes_first=True),
    Rule("welcome", "contact", (low("tenure_days", 60),), ("category",)),
    Rule(
        "recall_carts",
        "cart",
        (high("view_to_cart_7m"), low("cart_to_purchase_7m", 0.5)),
        ("hour",),
    ),
    Rule("reassure_at_checkout", "cart", (low("cart_to_purchase_7m", 0.5),)),
    Rule("simplify_choice", "cart", (high("remove_per_cart_7m", 0.1),)),
    Rule(
        "advise",
        "conversion",
        (high("events_per_session_7m"), low("view_to_purchase_7m")),
        ("category",),
    ),
    Rule("premium", "price", (high("price_position_7m", 0.55),), ("category",)),
    Rule("bargains", "price", (low("price_position_7m", 0.45),), ("category",)),
    Rule("promotions", "price", (high("discount_share_7m", 0.1),)),
    Rule(
        "neighbouring_categories",
        "range",
        (high("monetary_7m"), low("category_entropy_7m")),
        ("category",),
    ),
    Rule("discoveries", "range", (high("category_entropy_7m"),)),
    Rule("brand_news", "range", (high("top_brand_share_7m", 0.25),), ("brand",)),
    Rule("replenish", "rhythm", (high("repurchase_share_7m", 0.1),)),
    Rule("regular_newsletter", "rhythm", (low("gap_log_cv_7m"),), ("weekday",)),
    # Of seven days two are the weekend: .29 of what is done evenly.
    Rule("weekend", "calendar", (high("weekend_share_7m", 0.35),)),
    Rule("season", "calendar", (high("holiday_lift_7m", 1.25),)),
    Rule("larger_baskets", "basket", (high("frequency"), low("avg_order_value_7m"))),
)

# For segments that hardly differ from the others: true of everybody. Each with the favourites that
# it names.
ALWAYS = {
    "favourite_category": ("category",),
    "right_hour": ("hour", "weekday"),
    "ask": (),
}


class Liking(NamedTuple):
    """How a favourite is found.

    Attributes:
        measure: The largest of it wins: a taste is what they look at more than others do, a habit
            what they do most.
        common: Least share of the segment's events.
        least: Of the measure: by less nobody would call it a taste.
    """

    measure: str
    common: float
    least: float


LIKINGS = {
    "category": Liking("lift", 0.05, 1.25),
    "brand": Liking("lift", 0.01, 1.25),
    "hour": Liking("event_share", 0.0, 0.0),
    "weekday": Liking("event_share", 0.0, 0.0),
}


class Action(NamedTuple):
    """An action and the habits that speak for it; none: it suits everybody."""

    key: str
    signs: tuple[Sign, ...] = ()


def plan(tables: ReportTables, segments: Iterable[Segment]) -> dict[int | None, list[Action]]:
    """Return the actions that the profile of each segment supports most, up to three themes.

    No two segments lead with the same action: those who pay most choose first.

    Args:
        tables: Of the month.
        segments: All of the month.
    """
    planned: dict[int | None, list[Action]] = {}
    taken: set[str] = set()
    for segment in paying_most(tables, segments):
        found = supported(tables, segment)
        lead = next((action for action in found if action.key not in taken), None)
        planned[segment.number] = themes(found, lead)
        taken |= {lead.key} if lead else set()
    return planned


def theme_of(action: Action) -> str:
    """Return the theme of an action; `everybody`: it suits all customers."""
    return {rule.key: rule.theme for rule in RULES}.get(action.key, "everybody")


def paying_most(tables: ReportTables, segments: Iterable[Segment]) -> list[Segment]:
    """Return the segments, those with the largest part of the revenue first."""
    paid = {
        each.number: value(tables, each.name, "size", "revenue_share") or 0.0 for each in segments
    }
    return sorted(segments, key=lambda each: (-paid[each.number], each.number or 0))


def themes(found: list[Action], lead: Action | None) -> list[Action]:
    """Return the lead and what follows it, one action a theme; nothing without a lead."""
    if lead is None:
        return []
    theme = {rule.key: rule.theme for rule in RULES}
    chosen = {theme.get(lead.key, lead.key): lead}
    for action in found:
        if len(chosen) < WANTED:
            chosen.setdefault(theme.get(action.key, action.key), action)
    return list(chosen.values())


def supported(tables: ReportTables, segment: Segment) -> list[Action]:
    """Return every action that holds for a segment, the one that most speaks for first."""
    liked, standing = favourites(tables, segment), standings(tables, segment)
    holding = [
        rule
        for rule in RULES
        if all(liked[topic] for topic in rule.needs)
        and all(is_noticeable(sign, standing) for sign in rule.signs)
    ]
    ranked = sorted(holding, key=lambda rule: (not rule.goes_first, -support(rule, standing)))
    possible = [key for key, needs in ALWAYS.items() if all(liked[topic] for topic in needs)]
    return [Action(rule.key, rule.signs) for rule in ranked] + [Action(key) for key in possible]


class Standing(NamedTuple):
    """Where a segment stands in a feature.

    Attributes:
        z: Beside the population, in standard deviations of ranks.
        median: Of the segment's customers.
        usual: Median of the population.
    """

    z: float
    median: float
    usual: float


def standings(tables: ReportTables, segment: Segment) -> dict[str, Standing]:
    """Return where a segment stands in each feature of which all figures may be told."""
    mine, all_ = (wide(tables, "feature", name) for name in (segment.name, POPULATION))
    if not {"z", "median"} <= set(mine.columns) or "median" not in all_.columns:
        return {}
    both = mine.select("item", "z", "median").join(
        all_.select("item", usual="median"), on="item", maintain_order="left"
    )
    return {name: Standing(*found) for name, *found in both.drop_nulls().iter_rows()}


def is_noticeable(sign: Sign, standing: dict[str, Standing]) -> bool:
    """Whether a segment stands where the sign wants it, and by more than a hair."""
    found = standing.get(sign.feature)
    if found is None or sign.side * found.z < NOTICEABLE:
        return False
    apart = sign.side * (found.median - found.usual)
    if apart < NOTICEABLE_SHARE * max(abs(found.median), abs(found.usual), 1e-9):
        return False
    return sign.floor is None or sign.side * (found.median - sign.floor) >= 0


def support(rule: Rule, standing: dict[str, Standing]) -> float:
    """Return how far the segment stands where the rule wants it: its weakest sign."""
    return min(sign.side * standing[sign.feature].z for sign in rule.signs)


def favourites(tables: ReportTables, segment: Segment) -> dict[str, str]:
    """Return category, brand, hour and weekday of a segment; blank if hidden, or no taste."""
    found = {topic: wide(tables, topic, segment.name) for topic in LIKINGS}
    return {topic: favourite(rows, LIKINGS[topic]) for topic, rows in found.items()}


def favourite(rows: pl.DataFrame, liking: Liking) -> str:
    """Return the item that is liked most; blank if none may be told."""
    if not {liking.measure, "event_share"} <= set(rows.columns):
        return ""
    common, least = pl.col("event_share") >= liking.common, pl.col(liking.measure) >= liking.least
    known = rows.drop_nulls(liking.measure).filter(common, least)
    first = known.sort(liking.measure, "item", descending=[True, False]).head(1)
    return "".join(first["item"])
