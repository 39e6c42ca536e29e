"""A page per segment: who they are, what they like, when, and what to do."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.delivery.report.actions import NOTICEABLE
from amazing_assets.delivery.report.blocks import (
    Beside,
    Block,
    Bullets,
    Chart,
    KeyFigures,
    Paragraph,
    Section,
    Table,
)
from amazing_assets.delivery.report.chapters.advice import actions
from amazing_assets.delivery.report.chapters.habits import moments, tastes
from amazing_assets.delivery.report.chapters.migrations import comings_and_goings
from amazing_assets.delivery.report.chapters.sourcing import source
from amazing_assets.delivery.report.charts.segments import singular
from amazing_assets.delivery.report.features import FEATURES, Feature, written
from amazing_assets.delivery.report.figures import value, wide
from amazing_assets.segments.contract import POPULATION

if TYPE_CHECKING:
    from amazing_assets.delivery.report.actions import Action
    from amazing_assets.delivery.report.segments import Segment
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language

SIZES = ("user_share", "revenue_share", "event_share")

# What fits on one page with all the rest.
SHOWN = 6
TOLD = 3


def segment(
    tables: ReportTables, language: Language, segment: Segment, planned: list[Action]
) -> Section:
    """Return the page of a segment, with what is planned for it."""
    origin = source(tables, language, "profiles")
    return Section(
        segment.key,
        language.say("page.title", name=segment.label),
        (
            *in_a_word(tables, language, segment),
            key_figures(tables, language, segment, origin),
            *beside(
                singularity(tables, language, segment, origin),
                tastes(tables, language, segment, origin),
            ),
            *actions(tables, language, segment, planned),
            *moments(tables, language, segment, origin),
            Paragraph("", lead=language.say("page.moves")),
            Bullets(comings_and_goings(tables, language, segment)),
        ),
        colour=segment.colour,
        source=origin,
    )


def beside(*columns: list[Block]) -> list[Block]:
    """Return columns side by side; what is alone has the whole width."""
    filled = [tuple(column) for column in columns if column]
    return [Beside(tuple(filled))] if len(filled) > 1 else [*chain.from_iterable(filled)]


def in_a_word(tables: ReportTables, language: Language, segment: Segment) -> list[Paragraph]:
    """Return what the animal stands for, and the scores that every marketer knows.

    A provisional name may stand for something else.
    """
    key = f"animal.{segment.name}"
    said = rfm(tables, language, segment)
    if not (segment.is_provisional or segment.is_given) and language.knows(key):
        said = [language.say("page.gloss", gloss=language.say(key)), *said]
    return [Paragraph(" ".join(said))] if said else []


def key_figures(
    tables: ReportTables, language: Language, segment: Segment, origin: str
) -> KeyFigures:
    """Return how large the segment is."""
    hidden = language.say("hidden")
    users = value(tables, segment.name, "size", "users")
    shares = [(name, value(tables, segment.name, "size", name)) for name in SIZES]
    return KeyFigures(
        (
            (hidden if users is None else language.number(users), language.say("page.users")),
            *(
                (hidden if share is None else language.share(share), language.say(f"page.{name}"))
                for name, share in shares
            ),
        ),
        origin,
    )


def telling(tables: ReportTables, segment: Segment) -> list[tuple[Feature, dict[str, float]]]:
    """Return the features in which the segment is most unlike the population, one a theme."""
    mine = {row["item"]: row for row in wide(tables, "feature", segment.name).to_dicts()}
    known = [
        (feature, mine[feature.name])
        for feature in FEATURES
        if feature.name in mine and mine[feature.name].get("z") is not None
    ]
    ranked = sorted(known, key=lambda pair: -abs(pair[1]["z"]))
    best: dict[str, tuple[Feature, dict[str, float]]] = {}
    for feature, figures in ranked:
        if abs(figures["z"]) >= NOTICEABLE:
            best.setdefault(feature.theme, (feature, figures))
    return list(best.values())[:SHOWN]


def singularity(
    tables: ReportTables, language: Language, segment: Segment, origin: str
) -> list[Block]:
    """Return what sets the segment apart."""
    head = Paragraph("", lead=language.say("page.singular"))
    found = telling(tables, segment)
    if not found:
        return [head, Paragraph(language.say("page.ordinary"))]
    usual = {row["item"]: row for row in wide(tables, "feature", POPULATION).to_dicts()}
    labels = [language.say(f"feature.{feature.name}") for feature, _ in found]
    medians = [
        tuple(
            written(figures.get("median"), feature.unit, language)
            for figures in (mine, usual.get(feature.name, {}))
        )
        for feature, mine in found
    ]
    sentences = [
        Paragraph(language.say("page.singular_sentence", feature=label, value=own, usual=all_))
        for label, (own, all_) in zip(labels, medians, strict=True)
    ]
    caption = language.say("page.singular_caption", name=segment.label)
    rows = pl.DataFrame({"feature": labels, "z": [figures["z"] for _, figures in found]})
    return [
        head,
        Bullets(tuple(sentences[:TOLD])),
        Chart(
            f"{segment.key}-singular",
            singular(rows, segment.colour, language.say("page.z_axis")),
            language.say(
                "page.singular_alt", feature=labels[0], z=signed(found[0][1]["z"], language)
            ),
            caption,
            origin,
            Table(
                caption,
                (
                    language.say("choice.feature"),
                    *(
                        language.say(f"page.{name}")
                        for name in ("median", "quartiles", "usual", "z")
                    ),
                ),
                tuple(
                    (
                        label,
                        own,
                        between(feature, mine, language),
                        all_,
                        signed(mine["z"], language),
                    )
                    for label, (own, all_), (feature, mine) in zip(
                        labels, medians, found, strict=True
                    )
                ),
                origin,
            ),
        ),
    ]


def between(feature: Feature, figures: dict[str, float], language: Language) -> str:
    """Return the middle half of a segment's customers."""
    low, high = (written(figures.get(name), feature.unit, language) for name in ("q25", "q75"))
    return f"{low} \u2013 {high}"


def signed(z: float, language: Language) -> str:
    """Return a standing with its sign."""
    return ("+" if round(z, 2) > 0 else "") + language.number(z, 2)


def rfm(tables: ReportTables, language: Language, segment: Segment) -> list[str]:
    """Return the scores in words, if they may be told."""
    names = ("recency", "frequency", "money")
    scores = {name: value(tables, segment.name, "rfm", "mean", name) for name in names}
    if None in scores.values():
        return []
    told = {name: language.number(score, 1) for name, score in scores.items()}
    return [language.say("page.rfm", **told)]
