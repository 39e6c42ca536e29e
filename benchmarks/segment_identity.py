"""S6 and S7: do segments survive a refit, and can rules stand for them? Figures, no verdict."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.refit import Refit, compared
from amazing_assets.segments.surrogate import explain

if TYPE_CHECKING:
    from amazing_assets.lake.table import Lake
    from amazing_assets.segments.settings import SegmentSettings


@dataclass(frozen=True)
class Months:
    """Features of two months in a row, and the planted persona of each customer.

    Attributes:
        before: `UserFeatures` of a month.
        after: The same a month later.
        truth: Columns `user_id` (pseudonym) and `persona`.
    """

    before: pl.DataFrame
    after: pl.DataFrame
    truth: pl.DataFrame

    @classmethod
    def of(cls, lake: Lake, truth: pl.DataFrame) -> Months:
        """Return the last two months of a lake."""
        before, after = lake.months("user_features")[-2:]
        read = (lake.scan("user_features", month).collect() for month in (before, after))
        return cls(*read, truth)

    def without(self, persona: str) -> Months:
        """Return the same, but that nobody of a persona was there the month before."""
        absent = self.truth.filter(persona=persona)
        return replace(self, before=self.before.join(absent, on="user_id", how="anti"))


def refit_figures(months: Months, settings: SegmentSettings, seed: int) -> dict[str, object]:
    """Return what a refit a month later keeps (S6), and how well its rules copy it (S7)."""
    begun = time.perf_counter()
    first, found = refitted(months, settings, seed)
    told = explain(found.model, months.after, seed)
    rules = told.figures.filter(pl.col("segment").is_null()).sort("leaves")
    return {
        "customers": found.model.provenance.counts["eligible"],
        "candidate": found.model.found.candidate,
        "segments_before": len(first.segments),
        "segments_after": len(found.model.segments),
        "ids_kept": kept_share(first, found.model, months),
        "segments_kept": found.succession.filter(fate="kept").height,
        "jaccard_min": found.succession["jaccard"].min(),
        "names_changed": names_changed(first, found.model),
        "decision": found.verdict.decision,
        **{
            f"{name}_at_{row['leaves']}_leaves": row[name]
            for row in rules.iter_rows(named=True)
            for name in ("accuracy", "f1", "auc", "cost_ratio")
        },
        "seconds": time.perf_counter() - begun,
    }


def newcomer_figures(
    months: Months, persona: str, settings: SegmentSettings, seed: int
) -> dict[str, object]:
    """Return under which number customers of a persona go that nobody belonged to before."""
    first, found = refitted(months.without(persona), settings, seed)
    placed = found.model.assign(months.after, months.after["as_of"][0]).drop_nulls("segment")
    theirs = placed.join(months.truth.filter(persona=persona), on="user_id", how="semi")
    counts = theirs["segment"].value_counts(sort=True)
    number = counts["segment"][0]
    return {
        "persona": persona,
        "customers": theirs.height,
        "segments_before": len(first.segments),
        "segments_after": len(found.model.segments),
        "is_new": number not in first.names,
        "share_in_it": counts["count"][0] / theirs.height,
    }


def refitted(months: Months, settings: SegmentSettings, seed: int) -> tuple[SegmentModel, Refit]:
    """Return the model of the month before and the refit of the month after."""
    first = SegmentModel.fit(months.before, settings, seed=seed)
    first = compared(first, None, months.before, 0).model
    fresh = SegmentModel.fit(months.after, settings, seed=seed)
    known = first.claimed(months.before).select("user_id")
    return first, compared(fresh, first, months.after, max(first.names), known)


def kept_share(first: SegmentModel, second: SegmentModel, months: Months) -> float:
    """Return the share of customers fitted in both months whom both models number alike."""
    common = months.after.join(first.claimed(months.before), on="user_id", how="semi")
    day = months.after["as_of"][0]
    one, other = (model.assign(common, day)["segment"] for model in (first, second))
    return float((one == other).drop_nulls().mean())


def names_changed(first: SegmentModel, second: SegmentModel) -> int:
    """Return how many numbers are called otherwise than before."""
    both = first.names.keys() & second.names.keys()
    return sum(first.names[number].name != second.names[number].name for number in both)
