"""The rules of the segments in words: one interval a feature, in units that people use."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Any

from amazing_assets.delivery.report.features import UNITS, label, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amazing_assets.language.language import Language

# Of whole days, a border of 11.5 lets in up to 11; of money, nobody counts the cents.
WHOLE = ("days", "money")


def rule(conditions: Iterable[Mapping[str, Any]], language: Language) -> str:
    """Return the rule that rows of `SegmentRules` make together, in their order."""
    known = [row for row in conditions if row["feature"] is not None]
    told = [condition(row["feature"], row["above"], row["up_to"], language) for row in known]
    return language.say("rule.and").join(told) or language.say("rule.all")


def condition(feature: str, above: float | None, up_to: float | None, language: Language) -> str:
    """Return one interval of a feature in words."""
    kind = "up_to" if above is None else "above" if up_to is None else "between"
    return language.say(
        f"rule.{kind}",
        feature=label(feature, language),
        above=border(above, UNITS[feature], language),
        up_to=border(up_to, UNITS[feature], language),
    )


def border(value: float | None, unit: str, language: Language) -> str:
    """Return an end of an interval as it is written."""
    if value is not None and unit in WHOLE:
        value = floor(value)
    return written(value, unit, language)
