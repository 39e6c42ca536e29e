"""How well what customers do next is foretold, and by what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.delivery.report.blocks import Block, Chart, Paragraph, Section, Table
from amazing_assets.delivery.report.chapters.sourcing import missing, source

if TYPE_CHECKING:
    from collections.abc import Callable

    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language

# Of every model, from the simplest on.
MODELS = (
    "majority",
    "repeat",
    "markov_1",
    "markov_2",
    "markov_1_tastes",
    "boosted_trees",
    "lstm_one_hot",
    "lstm_embedding",
    "lstm_context",
    "lstm_searched",
)
NETWORK = "lstm"

# The seed's question: does it help to learn what actions have in common?
WITHOUT, WITH = "lstm_one_hot", "lstm_embedding"

FIGURES = ("log_loss", "accuracy", "top_3", "ece")
SHARES = ("accuracy", "top_3")


def next_actions(tables: ReportTables, language: Language) -> Section:
    """Return the section: what is foretold, and how often it is right."""
    how = Paragraph(language.say("next_actions.how"))
    return _section("next_actions", tables, language, (how,), said)


def models_compared(tables: ReportTables, language: Language) -> Section:
    """Return the section of the evidence: the models beside each other, and the seed's question."""
    return _section("models_compared", tables, language, (), compared)


def _section(
    key: str,
    tables: ReportTables,
    language: Language,
    first: tuple[Block, ...],
    tell: Callable[[ReportTables, pl.DataFrame, Language], list[Block]],
) -> Section:
    title = language.say(f"{key}.title")
    if tables.next_actions is None:
        blocks: tuple[Block, ...] = (*first, missing(language, "next_actions"))
        return Section(key, title, blocks, apart=False)
    known = tables.next_actions.drop_nulls("value").filter(period="test", population="everybody")
    if known.is_empty():
        few = Paragraph(language.say("next_actions.too_few"))
        return Section(key, title, (*first, few), apart=False)
    return Section(key, title, (*first, *tell(tables, known, language)), apart=False)


def averaged(known: pl.DataFrame) -> pl.DataFrame:
    """Return the figures of each model over its trainings, the simplest model first."""
    order = pl.col("model").replace_strict(MODELS, range(len(MODELS)), default=None)
    return (
        known.group_by("model", "figure", order=order)
        .agg(pl.col("value", "low", "high").mean(), pl.col("serves").any())
        .drop_nulls("order")
        .sort("order", "figure")
    )


def compared(tables: ReportTables, known: pl.DataFrame, language: Language) -> list[Block]:
    """Return whether the embedding helps, and how well each model foretells."""
    return [*embedding(known, language), drawn(tables, averaged(known), language)]


def said(_: ReportTables, known: pl.DataFrame, language: Language) -> list[Block]:
    """Return what to take away: who answers, and how well."""
    found = averaged(known)
    served = found.filter("serves")
    name = str(served["model"][0])
    figures = dict(served.select("figure", "value").iter_rows())
    kind = "network" if name.startswith(NETWORK) else "counting"
    first = known.filter(figure="log_loss").row(0, named=True)
    answers = language.say(
        f"next_actions.{kind}",
        model=language.say(f"next_actions.{name}"),
        accuracy=language.share(figures["accuracy"]),
        top=language.share(figures["top_3"]),
        places=language.number(first["places"]),
        customers=language.number(first["customers"]),
    )
    return [Paragraph(answers)]


def embedding(known: pl.DataFrame, language: Language) -> list[Block]:
    """Return whether learning what actions have in common helped, if both were trained."""
    losses = known.filter(figure="log_loss")
    without, with_it = (losses.filter(model=name).sort("seed")["value"] for name in (WITHOUT, WITH))
    if without.is_empty() or len(without) != len(with_it):
        return []
    helped = int((with_it < without).sum())
    told = language.say(
        "next_actions.embedding",
        without=language.number(float(without.to_numpy().mean()), 3),
        with_it=language.number(float(with_it.to_numpy().mean()), 3),
        helped=language.number(helped),
        trainings=language.number(len(without)),
    )
    return [Paragraph(told)]


def drawn(tables: ReportTables, found: pl.DataFrame, language: Language) -> Chart:
    """Return the loss of each model as a picture, with the other figures as its table."""
    from amazing_assets.delivery.report.charts.next_actions import losses  # noqa: PLC0415  altair

    names = {name: language.say(f"next_actions.{name}") for name in found["model"].unique()}
    caption, origin = (
        language.say("next_actions.caption"),
        source(tables, language, "next_actions"),
    )
    header = ("next_actions.model", *(f"next_actions.{figure}" for figure in FIGURES))
    rows = tuple(
        (names[str(name)], *(written(rows, figure, language) for figure in FIGURES))
        for (name,), rows in found.group_by("model", maintain_order=True)
    )
    table = Table(caption, tuple(map(language.say, header)), rows, origin)
    spec = losses(found.filter(figure="log_loss"), names, language)
    return Chart("next_actions", spec, language.say("next_actions.alt"), caption, origin, table)


def written(rows: pl.DataFrame, figure: str, language: Language) -> str:
    """Return a figure of a model in its unit."""
    value = rows.filter(figure=figure)["value"].item()
    return language.share(value) if figure in SHARES else language.number(value, 3)
