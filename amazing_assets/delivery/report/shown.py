"""Which features a reader is shown, in which unit, and what a segment's profile says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.segments.names import in_english

if TYPE_CHECKING:
    from collections.abc import Callable

    from amazing_assets.delivery.report.language import Language
    from amazing_assets.delivery.report.tables import ReportTables

# How a language names what the tables name in French.
NAMED: dict[str, Callable[[str], str]] = {"fr": str, "en": in_english}

POPULATION, UNCLASSIFIED = "population", "unclassified"

# Told apart by people who see no red or green as well, and readable as text on white.
COLOURS = (
    "#0b6aa6",
    "#c2500a",
    "#00795c",
    "#a03d76",
    "#7d6200",
    "#2b7f93",
    "#5a4b9c",
    "#8a3b2e",
    "#4d6b1f",
    "#5f5f6b",
    "#b0307a",
    "#1f4e79",
)
GREY = "#8a929a"


class Feature(NamedTuple):
    """A feature that is shown.

    Attributes:
        name: Column of `user_features`; the text `feature.<name>` describes it.
        unit: days, share, money, number.
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

# Enough for one look; the table `segment_profiles` holds all of them.
ON_THE_HEAT_MAP = tuple(
    feature
    for feature in FEATURES
    if feature.theme not in {"bounce", "repeat", "night", "trend"}
    and feature.name not in {"number_of_events_7m", "session_minutes_mean_7m"}
)


class Segment(NamedTuple):
    """A segment, or the customers without one.

    Attributes:
        number: None without a segment.
        name: As in the tables.
        label: As the reader is told.
    """

    number: int | None
    name: str
    label: str
    colour: str
    is_provisional: bool = False

    @property
    def key(self) -> str:
        """Name of the segment in links and files."""
        return f"segment-{self.number or UNCLASSIFIED}"


def segments_of(tables: ReportTables, language: Language) -> list[Segment]:
    """Return the segments of the month by number, without the unclassified."""
    known = tables.profiles.select("segment", "segment_name").drop_nulls().unique().sort("segment")
    return [segment_of(number, name, language) for number, name in known.iter_rows()]


def segment_of(number: int | None, name: str, language: Language) -> Segment:
    """Return a segment as a reader knows it."""
    if number is None:
        known = f"segment.{name}"
        return Segment(None, name, language.say(known), GREY)
    colour = COLOURS[(number - 1) % len(COLOURS)]
    inner = name.removeprefix("provisional (")
    told = NAMED[language.code](name if inner == name else inner.removesuffix(")"))
    if inner == name:
        return Segment(number, name, told, colour)
    label = language.say("segment.provisional", name=told)
    return Segment(number, name, label, colour, is_provisional=True)


def figures(tables: ReportTables, topic: str) -> pl.DataFrame:
    """Return the figures of a topic, those of the segments and of the population."""
    return tables.profiles.filter(pl.col("topic") == topic)


def wide(tables: ReportTables, topic: str, name: str) -> pl.DataFrame:
    """Return the figures of a topic and segment, a row for each item, a column for each measure."""
    rows = figures(tables, topic).filter(pl.col("segment_name") == name)
    return rows.pivot("measure", index="item", values="value", sort_columns=True)


def value(
    tables: ReportTables, name: str, topic: str, measure: str, item: str = "all"
) -> float | None:
    """Return one figure; None if it is hidden or was not measured."""
    rows = tables.profiles.filter(
        pl.col("segment_name") == name,
        pl.col("topic") == topic,
        pl.col("item") == item,
        pl.col("measure") == measure,
    )
    return rows["value"][0] if rows.height else None


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
    return language.short(value)
