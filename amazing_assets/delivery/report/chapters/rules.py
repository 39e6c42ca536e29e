"""How well readable rules copy the model: fidelity, confusion, ROC, and the rules themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from amazing_assets.delivery.report.blocks import (
    Block,
    Bullets,
    Chart,
    Paragraph,
    Section,
    Table,
)
from amazing_assets.delivery.report.chapters.sourcing import missing, source
from amazing_assets.delivery.report.charts import model
from amazing_assets.delivery.report.conditions import rule
from amazing_assets.delivery.report.segments import segment_of, segments_of
from amazing_assets.segments.naming.codes import NAME_COLUMNS, Name

if TYPE_CHECKING:
    from amazing_assets.delivery.report.segments import Segment
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language
    from amazing_assets.segments.naming.given import GivenNames

# Rules of a segment that are told, those of most customers; the table holds all of them.
TOLD = 2

# A rule that is wrong for every other customer explains nothing.
CERTAIN = 0.5

# A curve of more points would weigh more and look the same.
POINTS = 24


def rules(tables: ReportTables, language: Language) -> Section:
    """Return the section."""
    segments = segments_of(tables, language)
    return Section(
        "rules",
        language.say("copy.title"),
        (
            Paragraph(language.say("copy.how")),
            *fidelity(tables, language),
            *confusion(tables, language, segments),
            *roc(tables, language, segments),
            *in_words(tables, language),
        ),
    )


def fidelity(tables: ReportTables, language: Language) -> list[Block]:
    """Return the figures of the tree whose rules are told, and what any tree could do."""
    if tables.surrogate is None:
        return [missing(language, "surrogate")]
    overall = tables.surrogate.filter(pl.col("segment").is_null())
    return [
        *(
            Paragraph(
                language.say(
                    "copy.fidelity",
                    leaves=row["leaves"],
                    accuracy=language.share(row["accuracy"]),
                    f1=language.number(row["f1"], 3),
                    auc=language.number(row["auc"], 3),
                    cost=language.number(row["cost_ratio"], 2),
                )
            )
            for row in overall.filter("told").to_dicts()
        ),
        *(
            Paragraph(language.say("copy.any_size", accuracy=language.share(row["accuracy"])))
            for row in overall.filter(pl.col("leaves_allowed").is_null()).to_dicts()
        ),
    ]


def confusion(tables: ReportTables, language: Language, segments: list[Segment]) -> list[Block]:
    """Return who is put where by model and rules."""
    if tables.confusion is None:
        return [missing(language, "confusion")]
    names = {each.number: each.label for each in segments}
    cells = (
        tables.confusion.filter(
            pl.col("segment").is_in(list(names)), pl.col("segment_by_rules").is_in(list(names))
        )
        .join(held_out(tables), on="segment", how="left")
        .with_columns(share=pl.col("customers") / pl.col("of"))
        .sort("segment", "segment_by_rules")
    )
    shown = cells.drop_nulls("share")
    if shown.is_empty():
        return [Paragraph(language.say("copy.confusion_hidden"))]
    drawn = cells.select(
        "segment",
        "segment_by_rules",
        pl.col("share").fill_null(0.0),
        shown=pl.Series(
            ["\u00b7" if share is None else language.share(share, 0) for share in cells["share"]]
        ),
    )
    caption, origin = language.say("copy.confusion_caption"), source(tables, language, "confusion")
    by_model, by_rules = language.say("copy.by_model"), language.say("copy.by_rules")
    table = tuple(
        (
            names[row["segment"]],
            names[row["segment_by_rules"]],
            language.number(row["customers"]),
            language.share(row["share"], 0),
        )
        for row in shown.to_dicts()
    )
    header = (by_model, by_rules, language.say("column.users"), language.say("copy.row_share"))
    return [
        Chart(
            "confusion",
            model.confusion(drawn, segments, (by_rules, by_model)),
            language.say("copy.confusion_alt", count=shown.height),
            caption,
            origin,
            Table(caption, header, table, origin, words=2),
        ),
        Paragraph(language.say("copy.confusion_note")),
    ]


def held_out(tables: ReportTables) -> pl.DataFrame:
    """Return `of`: how many customers of each `segment` were held out, as far as that is told."""
    if tables.surrogate is None:
        return pl.DataFrame(schema={"segment": pl.Int16, "of": pl.Int64})
    told = tables.surrogate.filter("told").drop_nulls("segment")
    return told.select("segment", of="customers")


def roc(tables: ReportTables, language: Language, segments: list[Segment]) -> list[Block]:
    """Return the ROC curves, and the area under each."""
    if tables.roc is None:
        return [missing(language, "roc")]
    ranked = tables.roc.sort("segment", "false_positive_rate", "true_positive_rate")
    place, length = pl.int_range(pl.len()).over("segment"), pl.len().over("segment")
    thin = ranked.filter((place % (length // POINTS + 1) == 0) | (place == length - 1))
    rates = ("false_positive_rate", "true_positive_rate")
    titles = tuple(language.say(f"copy.{rate}") for rate in rates)
    caption, origin = language.say("copy.roc_caption"), source(tables, language, "roc")
    names = {each.number: each.label for each in segments}
    rows = tuple(
        (names[row["segment"]], *(language.share(row[rate]) for rate in rates))
        for row in thin.to_dicts()
        if row["segment"] in names
    )
    return [
        Chart(
            "roc",
            model.roc(thin, segments, (titles[0], titles[1])),
            language.say("copy.roc_alt"),
            caption,
            origin,
            Table(caption, (language.say("column.segment"), *titles), rows, origin),
        ),
        *weakest(tables, language, names),
    ]


def weakest(tables: ReportTables, language: Language, names: dict[int | None, str]) -> list[Block]:
    """Return of which segment the rules know least, by the area under its curve."""
    if tables.surrogate is None:
        return []
    judged = tables.surrogate.filter("told", pl.col("segment").is_in([*names])).drop_nulls("auc")
    return [
        Paragraph(
            language.say(
                "copy.roc_note", name=names[row["segment"]], auc=language.number(row["auc"], 3)
            )
        )
        for row in judged.sort("auc", "segment").head(1).to_dicts()
    ]


def in_words(tables: ReportTables, language: Language) -> list[Block]:
    """Return the rules in words."""
    if tables.rules is None:
        return [missing(language, "rules")]
    told = gathered(tables.rules)
    is_first, is_next = pl.col("rule_number") == 1, pl.col("rule_number") <= TOLD
    is_told = is_first | (is_next & (pl.col("purity") >= CERTAIN))
    main, rest = told.filter(is_told), told.filter(~is_told)
    note = language.say(
        "copy.more_rules",
        count=rest.height,
        share=language.share(float(rest["share"].sum())),
    )
    items = tuple(one_rule(row, language, tables.given) for row in main.to_dicts())
    return [
        Paragraph("", lead=language.say("copy.rules_caption")),
        Bullets(items, source(tables, language, "rules")),
        *([Paragraph(note)] if rest.height else []),
    ]


def gathered(conditions: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each rule, with its `conditions` in order."""
    rule_columns = ("segment", *NAME_COLUMNS, "rule_number", "share", "purity")
    return (
        conditions.sort("segment", "rule_number", "condition_number")
        .group_by(rule_columns, maintain_order=True)
        .agg(conditions=pl.struct("feature", "above", "up_to"))
    )


def one_rule(row: dict[str, Any], language: Language, given: GivenNames) -> Paragraph:
    """Return a rule with whom it is about."""
    name = Name.of(*(row[column] for column in NAME_COLUMNS))
    lead = language.say(
        "copy.rule",
        name=segment_of(row["segment"], name, language, given).label,
        share=language.share(row["share"]),
        purity=language.share(row["purity"], 0),
    )
    return Paragraph(rule(row["conditions"], language), lead=lead)
