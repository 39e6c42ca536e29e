"""The choice of the model: what was compared, and how the chosen segments lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    told = {
        "candidate": chosen[0]["candidate"] if chosen else "\u2013",
        "k": chosen[0]["k"] if chosen else "\u2013",
        "silhouette": language.number(chosen[0]["silhouette"] if chosen else None, 2),
        "strength": language.number(chosen[0]["prediction_strength"] if chosen else None, 2),
    }
    return [
        Paragraph(language.say("choice.chosen", **told)),
        Paragraph(fates(table, language)),
        Chart(
            "by-number-of-segments",
            model.by_number_of_segments(table, language),
            language.say("choice.k_alt", **told),
            caption,
            origin,
            reached(table, language, (caption, origin)),
        ),
        *(gates(chosen[0], language, origin) if chosen else ()),
    ]


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
    left = table.filter(~pl.col("passed"), pl.col("failed_gates").is_null())
    return language.say(
        "choice.fates",
        count=table.height,
        passed=language.say("choice.passed", count=int(table["passed"].sum())),
        left=language.say("choice.left", count=left.height),
        missed=missed or "\u2013",
    )


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
