"""What the documents are written from: settings, contracts, and the versions of models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import pandera.polars as pa

    from amazing_assets.language.language import Language


class Card(NamedTuple):
    """What is registered about a model.

    Attributes:
        name: In the registry.
        reads: The tables that it is made of.
        version: The one in use; None: none is.
        facts: What was written down of the version.
        figures: What was measured of it.
    """

    name: str
    reads: Sequence[str]
    version: str | None = None
    facts: Mapping[str, str] = {}
    figures: Mapping[str, float] = {}


@dataclass(frozen=True)
class Facts:
    """What the documents are written from.

    Attributes:
        today: The day on which they are written.
        controller: Who answers for the processing; empty: nobody said.
        retention: How many months what is kept lives.
        holdout: Share of the customers whom no campaign reaches.
        budget: Customers of a week who can be contacted, of each list.
        contracts: Of every table.
        cards: Of every model.
    """

    today: date
    controller: str
    retention: Mapping[str, int]
    holdout: float
    budget: int
    contracts: Mapping[str, type[pa.DataFrameModel]]
    cards: Sequence[Card]

    def values(self, language: Language) -> dict[str, str]:
        """Return what stands in the braces of the sentences."""
        return {
            "controller": self.controller or language.say("papers.to_complete"),
            "holdout": language.share(self.holdout),
            "budget": language.number(self.budget),
            "columns": language.number(
                sum(len(each.to_schema().columns) for each in self.contracts.values())
            ),
            "features": language.number(
                len(self.contracts["user_features"].to_schema().columns) - 1
            ),
        }

    def life(self, name: str | None, language: Language) -> str:
        """Return how long something is kept, in words."""
        months = self.retention.get(name) if name else None
        if months is None:
            return language.say("papers.for_ever")
        return language.say("papers.months", count=months)
