"""Why the chosen segments may be trusted: customers held out, habits that tell, simpler rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from amazing_assets.delivery.report.blocks import Block, Paragraph, Table
from amazing_assets.delivery.report.chapters.sourcing import missing, source

if TYPE_CHECKING:
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language

# Measures of `segment_validation` and the text that names each.
VALIDATED = {
    "agreement": "agreement",
    "min share": "min_share",
    "likelihood gain": "likelihood_gain",
    "silhouette": "silhouette",
    "agreement without winsorising": "without_bounds",
    "agreement without the top 1 % spenders": "without_spenders",
}
SHARES = ("min share",)

# An index from which two groupings are the same for whoever plans a campaign.
SAME = 0.9

# The most telling habits are listed; the table holds all of them.
LISTED = 6

ASSIGNERS = {
    "nearest neighbours": "neighbours",
    "support vector machine": "vectors",
    "decision tree": "tree",
}


def proof(tables: ReportTables, language: Language) -> list[Block]:
    """Return the evidence, a sentence to take away before each table."""
    return [
        *validation(tables, language),
        *features(tables, language),
        *assigners(tables, language),
    ]


def validation(tables: ReportTables, language: Language) -> list[Block]:
    """Return what becomes of the segments on customers who took no part in finding them."""
    table = tables.validation
    if table is None:
        return [missing(language, "validation")]
    if table.is_empty():
        return []
    folds = table.drop_nulls("fold").group_by("measure").agg(pl.col("value").min().alias("lowest"))
    order = pl.col("measure").replace_strict(list(VALIDATED), range(len(VALIDATED)), default=None)
    known = table.filter(pl.col("fold").is_null()).join(folds, on="measure", how="left")
    rows = known.with_columns(order=order).drop_nulls("order").sort("order").to_dicts()
    (agreement,) = (row for row in rows if row["measure"] == "agreement")
    verdict = "validation.holds" if agreement["lowest"] >= SAME else "validation.wavers"
    take_away = language.say(
        verdict,
        median=language.number(agreement["value"], 2),
        lowest=language.number(agreement["lowest"], 2),
        folds=table["fold"].max(),
    )
    header = ("choice.gate", "validation.median", "validation.lowest", "validation.required")
    shown = tuple(
        (
            language.say(f"validation.{VALIDATED[row['measure']]}"),
            *(figure(row[name], row["measure"], language) for name in ("value", "lowest")),
            language.number(row["required"], 2),
        )
        for row in rows
    )
    caption, origin = language.say("validation.caption"), source(tables, language, "validation")
    titles = tuple(map(language.say, header))
    return [Paragraph(take_away), Table(caption, titles, shown, origin)]


def figure(value: float | None, measure: str, language: Language) -> str:
    """Return a figure of the validation in its unit."""
    return language.share(value) if measure in SHARES else language.number(value, 2)


def features(tables: ReportTables, language: Language) -> list[Block]:
    """Return which habits tell the segments apart, and which were left out and why."""
    table = tables.features
    if table is None:
        return [missing(language, "features")]
    kept = table.filter("kept").sort("moved_by_shuffling", descending=True, nulls_last=True)
    if kept.is_empty():
        return []
    first, least = kept.row(0, named=True), kept["agreement_without"].min()
    rows = tuple(
        (
            language.say(f"feature.{row['feature']}"),
            language.share(row["moved_by_shuffling"]),
            language.number(row["agreement_without"], 2),
        )
        for row in kept.head(LISTED).to_dicts()
    )
    header = ("choice.feature", "features.moved", "features.without")
    caption, origin = language.say("features.caption"), source(tables, language, "features")
    take_away = language.say(
        "features.telling",
        feature=language.say(f"feature.{first['feature']}"),
        share=language.share(first["moved_by_shuffling"]),
        least=language.number(float(least) if least is not None else None, 2),  # type: ignore[arg-type]  # a float
    )
    return [
        Paragraph(take_away),
        Table(caption, tuple(map(language.say, header)), rows, origin),
        Paragraph(left_out(table, language)),
    ]


def left_out(table: pl.DataFrame, language: Language) -> str:
    """Return which features were left out, each with the reason."""
    dropped = table.filter(~pl.col("kept"))
    kept = int(table["kept"].sum())
    if dropped.is_empty():
        return language.say("features.all_kept", count=kept)
    named = "; ".join(
        language.say(
            "features.dropped",
            feature=language.say(f"feature.{row['feature']}"),
            reason=reason(row, language),
        )
        for row in dropped.to_dicts()
    )
    return language.say("features.left_out", count=kept, offered=table.height, named=named)


def reason(row: dict[str, Any], language: Language) -> str:
    """Return in words why a feature was left out."""
    other = row["other"]
    said = language.say(f"feature.{other}") if other else ""
    return language.say(f"features.{row['reason_code']}", feature=said)


def assigners(tables: ReportTables, language: Language) -> list[Block]:
    """Return how well simpler rules place customers where the model does."""
    table = tables.assigners
    if table is None:
        return [missing(language, "assigners")]
    if table.is_empty():
        return []
    ranked = table.sort("agreement", descending=True)
    best = ranked.row(0, named=True)
    rows = tuple(
        (
            language.say(f"assigner.{ASSIGNERS[row['assigner']]}"),
            language.share(row["agreement"]),
            language.number(row["adjusted_rand_index"], 2),
            language.number(row["customers"]),
        )
        for row in ranked.to_dicts()
    )
    header = ("assigner.rule", "assigner.agreement", "assigner.index", "assigner.customers")
    caption, origin = language.say("assigner.caption"), source(tables, language, "assigners")
    take_away = language.say(
        "assigner.best",
        name=language.say(f"assigner.{ASSIGNERS[best['assigner']]}"),
        share=language.share(best["agreement"]),
    )
    return [
        Paragraph(take_away),
        Table(caption, tuple(map(language.say, header)), rows, origin),
    ]
