"""How far customers have drifted from those the model was fitted on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from amazing_assets.delivery.report.blocks import Paragraph, Section, Table
from amazing_assets.delivery.report.chapters.sourcing import missing, source
from amazing_assets.delivery.report.segments import segments_of

if TYPE_CHECKING:
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language

# Of the features, the most moved are named; moves between segments have a section of their own.
FEATURES_NAMED = 6
MEASURES = (
    "share_psi",
    "mean_margin",
    "low_margin_share",
    "unclassified_share",
    "silhouette",
    "feature_psi",
    "share",
)
SHARES = ("low_margin_share", "unclassified_share", "share")
LEVELS = ("ok", "warn", "refit")


def drift(tables: ReportTables, language: Language) -> Section:
    """Return the section."""
    title = language.say("drift.title")
    how = Paragraph(language.say("drift.how"))
    if tables.drift is None:
        return Section("drift", title, (how, missing(language, "drift")), apart=False)
    verdict = Paragraph(language.say(f"drift.{worst_level(tables)}"))
    blocks = (how, verdict, measured(tables, tables.drift, language))
    return Section("drift", title, blocks, apart=False)


def worst_level(tables: ReportTables) -> str | None:
    """Return how far the farthest measure has moved, one of `LEVELS`; None: nobody measured it."""
    if tables.drift is None:
        return None
    levels = tables.drift["level"].drop_nulls().to_list()
    return max(levels, key=LEVELS.index, default=LEVELS[0])


def measured(tables: ReportTables, drift_table: pl.DataFrame, language: Language) -> Table:
    """Return the figures of the month beside those at the fit."""
    order = pl.col("measure").replace_strict(MEASURES, range(len(MEASURES)), default=None)
    ranked = drift_table.with_columns(order=order).drop_nulls("order")
    is_feature = pl.col("measure") == "feature_psi"
    moved = ranked.filter(is_feature).sort("value", descending=True, nulls_last=True)
    kept = pl.concat([ranked.filter(~is_feature), moved.head(FEATURES_NAMED)])
    names = {str(each.number): each.label for each in segments_of(tables, language)}
    rows = tuple(
        (
            named(row["measure"], row["item"], names, language),
            hidden_or_written(row, language),
            written(row["reference"], row["measure"], language),
            language.say(f"level.{row['level']}") if row["level"] else "\u2013",
        )
        for row in kept.sort("order", maintain_order=True).to_dicts()
    )
    header = ("drift.item", "drift.value", "drift.reference", "drift.level")
    origin = source(tables, language, "drift")
    return Table(
        language.say("drift.caption"), tuple(language.say(key) for key in header), rows, origin
    )


def named(measure: str, item: str | None, names: dict[str, str], language: Language) -> str:
    """Return what a figure is about."""
    label = language.say(f"measure.{measure}")
    if item is None:
        return label
    key = f"feature.{item}"
    about = language.say(key) if language.knows(key) else names.get(item, item)
    return language.say("drift.about", measure=label, item=about)


def hidden_or_written(row: dict[str, Any], language: Language) -> str:
    """Return the figure of the month; the share of a few customers is hidden."""
    if row["measure"] == "share" and row["value"] is None:
        return language.say("hidden")
    return written(row["value"], row["measure"], language)


def written(value: float | None, measure: str, language: Language) -> str:
    """Return a figure in its unit."""
    return language.share(value) if measure in SHARES else language.number(value, 2)
