"""What models decided about a customer, and why, in words: the newest answer of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from amazing_assets.segments.naming.codes import NAME_COLUMNS, Name
from amazing_assets.segments.naming.words import no_segment, plainly_called

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from amazing_assets.language.language import Language
    from amazing_assets.privacy.holdings import Holdings, Item

_REASONS = ("reason_1", "reason_2", "reason_3")

# Of the likeliest actions, so many are told in words; the table has all.
_ACTIONS = 3


@dataclass(frozen=True)
class Decision:
    """What a model decided.

    Attributes:
        table: Which holds it.
        partition: Of when it is.
        said: In a sentence.
        why: In sentences, what spoke for it.
        model_version: Of the model that answered.
    """

    table: str
    partition: str
    said: str
    why: tuple[str, ...]
    model_version: str

    @property
    def row(self) -> dict[str, Any]:
        """For programs."""
        return {
            "table": self.table,
            "partition": self.partition,
            "decision": self.said,
            "why": list(self.why),
            "model_version": self.model_version,
        }


def decisions(held: Holdings, rules: pl.DataFrame | None, language: Language) -> list[Decision]:
    """Return the newest decision of each model.

    Args:
        held: What is held on the customer.
        rules: `SegmentRules`, which tell the segment model in conditions; None: there are none.
        language: Of the sentences.
    """
    return [
        *_segment(held, rules, language),
        *_risks(held, language),
        *_value(held, language),
        *_next_action(held, language),
    ]


def _segment(held: Holdings, rules: pl.DataFrame | None, language: Language) -> Iterator[Decision]:
    item = held.of("segment_assignments")
    for row in _rows(item):
        if row["segment"] is None:
            said = language.say("access.no_segment", why=no_segment(row["reason"], language))
            yield _decision(item, row, said)
            continue
        name = Name.of(*(row[column] for column in NAME_COLUMNS))
        said = language.say(
            "access.segment",
            name=plainly_called(name, language),
            margin=language.share(row["margin"], 0),
        )
        features = next(iter(_rows(held.of("user_features"))), {})
        yield _decision(item, row, said, _met(features, rules, row, language))


def _met(
    features: Mapping[str, Any],
    rules: pl.DataFrame | None,
    assigned: Mapping[str, Any],
    language: Language,
) -> tuple[str, ...]:
    """Return the conditions of the first rule of the segment that the customer meets."""
    if rules is None:
        return ()
    of_segment = rules.filter(
        pl.col("segment") == assigned["segment"],
        pl.col("model_version") == assigned["model_version"],
    ).sort("rule_number", "condition_number")
    for _, rule in of_segment.group_by("rule_number", maintain_order=True):
        conditions = rule.to_dicts()
        if all(_is_met(each, features) for each in conditions):
            return tuple(_told(each, features, language) for each in conditions if each["feature"])
    return ()


def _is_met(condition: Mapping[str, Any], features: Mapping[str, Any]) -> bool:
    value = features.get(condition["feature"])
    if value is None:
        # Not a column of its own, or not known: it does not speak against the rule.
        return True
    above, up_to = condition["above"], condition["up_to"]
    return (above is None or value > above) and (up_to is None or value <= up_to)


def _told(condition: Mapping[str, Any], features: Mapping[str, Any], language: Language) -> str:
    value = features.get(condition["feature"])
    return language.say(
        "access.condition",
        feature=condition["feature"],
        value=language.short(value) if isinstance(value, int | float) else language.number(None),
        above=_bound(condition["above"], language),
        up_to=_bound(condition["up_to"], language),
    )


def _bound(value: float | None, language: Language) -> str:
    return language.say("access.no_bound") if value is None else language.short(value)


def _risks(held: Holdings, language: Language) -> Iterator[Decision]:
    item = held.of("churn_scores")
    for row in _rows(item):
        codes = [row[name] for name in _REASONS if row[name]]
        why = (
            language.say(f"reason.{code}") if language.knows(f"reason.{code}") else code
            for code in codes
        )
        said = language.say(
            "access.risk", task=row["task"], probability=language.share(row["probability"], 0)
        )
        yield _decision(item, row, said, tuple(why))


def _value(held: Holdings, language: Language) -> Iterator[Decision]:
    item = held.of("customer_value")
    for row in _rows(item):
        said = language.say(
            "access.value",
            revenue=language.money(row["expected_revenue"]),
            low=language.money(row["revenue_low"]),
            high=language.money(row["revenue_high"]),
        )
        yield _decision(item, row, said)


def _next_action(held: Holdings, language: Language) -> Iterator[Decision]:
    item = held.of("next_action_probabilities")
    rows = sorted(_rows(item), key=lambda row: row["rank"])[:_ACTIONS]
    if rows:
        told = ", ".join(f"{row['action']} {language.share(row['probability'], 0)}" for row in rows)
        yield _decision(item, rows[0], language.say("access.next_action", actions=told))


def _rows(item: Item | None) -> list[dict[str, Any]]:
    return item.rows.to_dicts() if item else []


def _decision(
    item: Item | None, row: Mapping[str, Any], said: str, why: tuple[str, ...] = ()
) -> Decision:
    table, partition = (item.table, item.partition) if item else ("", "")
    return Decision(table, partition, said, why, str(row.get("model_version", "")))
