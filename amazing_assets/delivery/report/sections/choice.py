"""The choice of the model: what was compared, and how the chosen segments lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.delivery.report.blocks import Block, Chart, Paragraph, Section, Table
from amazing_assets.delivery.report.charts import evidence
from amazing_assets.delivery.report.sections.places import (
    in_the_cube,
    on_the_heat_map,
    on_the_plane,
)
from amazing_assets.delivery.report.sections.proof import proof
from amazing_assets.delivery.report.sections.sourcing import missing, source
from amazing_assets.delivery.report.shown import segments_of

if TYPE_CHECKING:
    from amazing_assets.delivery.report.language import Language
    from amazing_assets.delivery.report.tables import ReportTables


# Columns of `segment_candidates` that gates and score look at.
GATES = (
    "min_share",
    "prediction_strength",
    "prediction_strength_min",
    "jaccard",
    "jaccard_min",
    "likelihood_gain",
    "agreement_in_time",
    "agreement_with_bots",
    "agreement_of_seeds",
    "agreement_without_spenders",
    "eta_squared",
    "tree_fidelity",
    "score",
)


def choice(tables: ReportTables, language: Language) -> Section:
    """Return what was compared, what was chosen, and how the chosen segments lie."""
    segments = segments_of(tables, language)
    compared = candidates(tables, language)
    return Section(
        "choice",
        language.say("choice.title"),
        (
            Paragraph(language.say("choice.how")),
            *compared,
            *proof(tables, language),
            *on_the_plane(tables, language, segments),
            *in_the_cube(tables, language, segments),
            *on_the_heat_map(tables, language, segments),
        ),
    )


def candidates(tables: ReportTables, language: Language) -> list[Block]:
    """Return silhouette and stability by number of segments."""
    if tables.candidates is None:
        return [missing(language, "candidates")]
    words = {name: family(name, language) for name in tables.candidates["candidate"].unique()}
    table = tables.candidates.with_columns(pl.col("candidate").replace_strict(words))
    origin = source(tables, language, "candidates")
    caption = language.say("choice.k_caption")
    chosen = table.filter("chosen").to_dicts()
    told = {
        "candidate": chosen[0]["candidate"] if chosen else "\u2013",
        "k": chosen[0]["k"] if chosen else "\u2013",
        "silhouette": language.number(chosen[0]["silhouette"] if chosen else None, 2),
        "strength": language.number(chosen[0]["prediction_strength"] if chosen else None, 2),
    }
    header = ("candidate", "k", "silhouette", "prediction_strength", "passed")
    rows = tuple(
        (
            row["candidate"],
            str(row["k"]),
            language.number(row["silhouette"], 2),
            language.number(row["prediction_strength"], 2),
            missed(row, language),
        )
        for row in table.to_dicts()
    )
    return [
        Paragraph(language.say("choice.chosen", **told)),
        Chart(
            "by-number-of-segments",
            evidence.by_number_of_segments(table, language),
            language.say("choice.k_alt", **told),
            caption,
            origin,
            Table(caption, tuple(language.say(f"choice.{name}") for name in header), rows, origin),
        ),
        *(gates(chosen[0], language, origin) if chosen else ()),
    ]


def family(name: str, language: Language) -> str:
    """Return a way of grouping in words."""
    plain = name.removesuffix("_pca95")
    told = language.say(f"family.{plain}")
    return told if plain == name else language.say("family.on_components", name=told)


def missed(row: dict[str, str | None], language: Language) -> str:
    """Return which gates a candidate missed; the late ones are measured on finalists alone."""
    if row["passed"]:
        return language.say("choice.passed_all")
    if not row["failed_gates"]:
        return language.say("choice.no_finalist")
    return ", ".join(language.say(f"missed.{gate}") for gate in row["failed_gates"].split(", "))


def gates(chosen: dict[str, float | None], language: Language, origin: str) -> tuple[Table]:
    """Return what the chosen candidate reached, gate by gate, as far as it was measured."""
    rows = tuple(
        (language.say(f"gate.{name}"), language.number(chosen[name], 2))
        for name in GATES
        if chosen.get(name) is not None
    )
    header = (language.say("choice.gate"), language.say("choice.reached"))
    return (Table(language.say("choice.gates_caption"), header, rows, origin),)
