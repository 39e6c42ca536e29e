"""The choice of the model: what was compared, and how the chosen segments lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from amazing_assets.delivery.report.blocks import Block, Chart, Paragraph, Section, Table
from amazing_assets.delivery.report.chapters.chance import picture
from amazing_assets.delivery.report.chapters.maps import in_the_cube, on_the_heat_map, on_the_plane
from amazing_assets.delivery.report.chapters.proof import proof
from amazing_assets.delivery.report.chapters.sourcing import missing, source
from amazing_assets.delivery.report.charts import model
from amazing_assets.delivery.report.segments import segments_of

if TYPE_CHECKING:
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language


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
SHARES = ("min_share", "eta_squared", "tree_fidelity")


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
            *picture(tables, language),
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
    verdict = picked(chosen[0], language) if chosen else language.say("choice.none")
    return [
        Paragraph(verdict),
        Paragraph(fates(table, language)),
        Chart(
            "by-number-of-segments",
            model.by_number_of_segments(table, language),
            language.say("choice.k_alt", verdict=verdict),
            caption,
            origin,
            reached(table, language, (caption, origin)),
        ),
        *(gates(chosen[0], language, origin) if chosen else ()),
    ]


def picked(chosen: dict[str, Any], language: Language) -> str:
    """Return the chosen candidate and its best known figures in words."""
    return language.say(
        "choice.chosen",
        candidate=chosen["candidate"],
        k=chosen["k"],
        silhouette=language.number(chosen["silhouette"], 2),
        strength=language.number(chosen["prediction_strength"], 2),
    )


def family(name: str, language: Language) -> str:
    """Return a way of grouping in words."""
    plain = name.removesuffix("_pca95")
    told = language.say(f"family.{plain}")
    return told if plain == name else language.say("family.on_components", name=told)


def fates(table: pl.DataFrame, language: Language) -> str:
    """Return how many candidates passed, and which gates the others missed."""
    gates = table["failed_gates"].drop_nulls().str.split(", ").explode()
    counted = gates.value_counts().sort("count", "failed_gates", descending=[True, False])
    missed = ", ".join(
        language.say("choice.missed", gate=language.say(f"missed.{gate}"), times=count)
        for gate, count in counted.iter_rows()
    )
    is_left = ~pl.col("passed") & pl.col("failed_gates").is_null()
    told = {
        "choice.passed": table.filter("passed").height,
        "choice.left": table.filter(is_left).height,
        "choice.failed": table["failed_gates"].count(),
    }
    parts = [language.say(key, count=n, missed=missed) for key, n in told.items() if n]
    return language.say("choice.fates", count=table.height, parts="; ".join(parts))


def reached(table: pl.DataFrame, language: Language, titles: tuple[str, str]) -> Table:
    """Return what each way of grouping reaches for each number of segments."""
    known = table.drop_nulls(list(model.MEASURES))
    ks = known["k"].unique().sort().to_list()
    found = {(row["candidate"], row["k"]): row for row in known.to_dicts()}
    rows = tuple(
        (
            language.say("choice.of", name=name, measure=language.say(f"choice.{measure}")),
            *(
                language.number(found[name, k][measure], 2) if (name, k) in found else ""
                for k in ks
            ),
        )
        for name in known["candidate"].unique(maintain_order=True)
        for measure in model.MEASURES
    )
    caption, origin = titles
    return Table(caption, (language.say("choice.k_axis"), *map(str, ks)), rows, origin)


def gates(chosen: dict[str, float | None], language: Language, origin: str) -> tuple[Table]:
    """Return what the chosen candidate reached, gate by gate, as far as it was measured."""
    rows = tuple(
        (
            language.say(f"gate.{name}"),
            language.share(chosen[name]) if name in SHARES else language.number(chosen[name], 2),
        )
        for name in GATES
        if chosen.get(name) is not None
    )
    header = (language.say("choice.gate"), language.say("choice.reached"))
    return (Table(language.say("choice.gates_caption"), header, rows, origin),)
