"""Tables as what is sent: plain values, by the models of `schemas`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amazing_assets.delivery.classification.contract import OF_SEGMENTS
from amazing_assets.language.language import ENGLISH, FRENCH
from amazing_assets.next_actions.vocabulary import ACTIONS
from amazing_assets.small_cells import SMALLEST_CELL

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from amazing_assets.delivery.classification.champions import Champions
    from amazing_assets.delivery.serving.batching import Answered

_SEGMENT = ("user_id", *OF_SEGMENTS, "name_fr", "name_en")


def classified(answered: Answered) -> dict[str, Any]:
    """Return the answer to a request as `ClassifyAnswer` has it."""
    rows = answered.customers.iter_rows(named=True)
    return {
        "reference_date": answered.reference_date.isoformat(),
        "models": answered.versions,
        "customers": [
            {**{name: row[name] for name in _SEGMENT}, "next_action": next_action(row)}
            for row in rows
        ],
    }


def next_action(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the vector of a row as `NextAction` has it; None: it has none."""
    if row["n_context"] is None:
        return None
    return {
        "probabilities": {name: row[name] for name in ACTIONS},
        "n_context": row["n_context"],
        "cold_start": row["cold_start"],
    }


def segments_of(champions: Champions, profiles: pl.DataFrame | None) -> list[dict[str, Any]]:
    """Return the segments of the model in use as `KnownSegment` has them.

    Args:
        champions: The models in use.
        profiles: `SegmentProfiles` of a month that it assigned; None: there is none.
    """
    french, english = champions.names(FRENCH), champions.names(ENGLISH)
    return [
        {
            "segment": each.number,
            **each.name.columns,
            "name_fr": french[each.number],
            "name_en": english[each.number],
            "share": each.share if each.users >= SMALLEST_CELL else None,
            "profile": _figures(profiles, each.number),
        }
        for each in champions.segments.segments
    ]


def _figures(profiles: pl.DataFrame | None, segment: int) -> list[dict[str, Any]]:
    if profiles is None:
        return []
    names = ("topic", "item", "measure", "value", "users", "is_suppressed")
    return profiles.filter(segment=segment).select(names).to_dicts()
