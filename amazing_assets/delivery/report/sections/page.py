"""A page per segment: who they are, what they like, when, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.customers.columns import WEEKDAYS
from amazing_assets.delivery.report.actions import actions_for, favourites
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
from amazing_assets.delivery.report.charts.months import clock, seasons
from amazing_assets.delivery.report.charts.segments import singular
from amazing_assets.delivery.report.sections.moves import comings_and_goings
from amazing_assets.delivery.report.sections.sourcing import source
from amazing_assets.delivery.report.shown import (
    FEATURES,
    POPULATION,
    Feature,
    Segment,
    value,
    wide,
    written,
)

if TYPE_CHECKING:
    from amazing_assets.delivery.report.actions import Action
    from amazing_assets.delivery.report.language import Language
    from amazing_assets.delivery.report.tables import ReportTables

SIZES = ("user_share", "revenue_share", "event_share")

# What fits on a page; below a fifth of a deviation nobody would notice the difference.
SHOWN, NOTICEABLE, LISTED = 7, 0.2, 6
TOLD = 3


def page(tables: ReportTables, language: Language, segment: Segment) -> Section:
    """Return the page of a segment."""
    origin = source(tables, language, "profiles")
    return Section(
        segment.key,
        language.say("page.title", name=segment.label),
        (
            *gloss(language, segment),
            key_figures(tables, language, segment, origin),
            *singularity(tables, language, segment, origin),
            *actions(tables, language, segment),
            *tastes(tables, language, segment, origin),
            *habits(tables, language, segment, origin),
            *months(tables, language, segment, origin),
            Paragraph(rfm(tables, language, segment)),
            Paragraph("", lead=language.say("page.moves")),
            Bullets(comings_and_goings(tables, language, segment)),
        ),
        colour=segment.colour,
    )


def gloss(language: Language, segment: Segment) -> tuple[Paragraph, ...]:
    """Return what the animal stands for, if it is one of the seven."""
    key = f"animal.{segment.name.removeprefix('provisional (').removesuffix(')')}"
    if not language.knows(key):
        return ()
    return (Paragraph(language.say("page.gloss", gloss=language.say(key))),)


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


def actions(tables: ReportTables, language: Language, segment: Segment) -> list[Block]:
    """Return three things to do, each with the figure that speaks for it."""
    liked = favourites(tables, segment)
    items = []
    for action in actions_for(tables, segment):
        told = advice(language, action.key, liked)
        why = because(tables, language, segment, action)
        items.append(Paragraph(f"{told.text} {why}", lead=told.lead))
    return [Paragraph("", lead=language.say("page.actions")), Bullets(tuple(items))]


def advice(language: Language, key: str, liked: dict[str, str]) -> Paragraph:
    """Return an action in words."""
    weekday = liked["weekday"]
    names = {
        "category": category(liked["category"]) or "\u2026",
        "brand": liked["brand"] or "\u2026",
        "hour": liked["hour"].lstrip("0") or "0",
        "weekday": language.say(f"weekday.{weekday}") if weekday else "\u2026",
    }
    return Paragraph(
        language.say(f"action.{key}", **names), lead=language.say(f"action.{key}.lead")
    )


def because(tables: ReportTables, language: Language, segment: Segment, action: Action) -> str:
    """Return why an action was chosen."""
    if action.reason is None:
        return language.say("page.for_all")
    feature = action.reason
    own, usual = (
        written(value(tables, name, "feature", "median", feature.name), feature.unit, language)
        for name in (segment.name, POPULATION)
    )
    label = language.say(f"feature.{feature.name}")
    label = label[0].lower() + label[1:]
    return language.say("page.because", feature=label, value=own, usual=usual)


def category(name: str) -> str:
    """Return a category as a reader sees it."""
    return name.replace("_", " ")


def tastes(tables: ReportTables, language: Language, segment: Segment, origin: str) -> list[Block]:
    """Return the categories and brands that the segment looks at most."""
    lists: list[Table] = []
    for topic in ("category", "brand"):
        rows = wide(tables, topic, segment.name)
        if "event_share" not in rows.columns:
            continue
        top = rows.drop_nulls("event_share").sort("event_share", descending=True).head(LISTED)
        header = (f"page.{topic}", "page.share", "page.lift")
        lists.append(
            Table(
                language.say(f"page.{topic}_caption"),
                tuple(language.say(key) for key in header),
                tuple(
                    (
                        category(row["item"]),
                        language.share(row["event_share"]),
                        language.number(row.get("lift"), 1),
                    )
                    for row in top.to_dicts()
                ),
                origin,
            )
        )
    if not lists:
        return []
    note = Paragraph(language.say("page.tastes_note"))
    return [Paragraph("", lead=language.say("page.tastes")), Beside(tuple(lists)), note]


def beside_usual(tables: ReportTables, topic: str, segment: Segment) -> pl.DataFrame:
    """Return `item`, `value` and `usual`: shares of events of segment and population."""
    mine, usual = (
        wide(tables, topic, name).select("item", "event_share")
        if wide(tables, topic, name).height
        else pl.DataFrame(schema={"item": pl.String, "event_share": pl.Float64})
        for name in (segment.name, POPULATION)
    )
    return (
        usual.rename({"event_share": "usual"})
        .join(mine.rename({"event_share": "value"}), on="item", how="left")
        .sort("item")
    )


def habits(tables: ReportTables, language: Language, segment: Segment, origin: str) -> list[Block]:
    """Return the hours and weekdays of the segment."""
    hours, days = (beside_usual(tables, topic, segment) for topic in ("hour", "weekday"))
    if not hours["value"].count() or not days["value"].count():
        return []
    order = pl.col("item").replace_strict(WEEKDAYS, range(7), return_dtype=pl.Int8)
    labels = {name: language.say(f"weekday.{name}") for name in WEEKDAYS}
    days = days.sort(order).with_columns(full=pl.col("item").replace_strict(labels))
    days = days.with_columns(label=pl.col("full").str.head(2))
    liked = favourites(tables, segment)
    caption = language.say("page.hours_caption", name=segment.label)
    moments = [(f"{row['item']}:00", row) for row in hours.to_dicts()]
    moments += [(row["full"], row) for row in days.to_dicts()]
    return [
        Paragraph("", lead=language.say("page.hours")),
        Chart(
            f"{segment.key}-clock",
            clock(hours, days, segment.colour, language),
            language.say(
                "page.hours_alt",
                hour=liked["hour"].lstrip("0") or "0",
                weekday=language.say(f"weekday.{liked['weekday']}"),
            ),
            caption,
            origin,
            shares_table(moments, language, (caption, "page.moment"), origin),
        ),
    ]


def shares_table(
    rows: list[tuple[str, dict[str, float | None]]],
    language: Language,
    titles: tuple[str, str],
    origin: str,
) -> Table:
    """Return shares of the segment beside those of the population."""
    hidden = language.say("hidden")
    return Table(
        titles[0],
        tuple(language.say(key) for key in (titles[1], "page.share", "page.usual")),
        tuple(
            (
                label,
                *(
                    hidden if row[name] is None else language.share(row[name])
                    for name in ("value", "usual")
                ),
            )
            for label, row in rows
        ),
        origin,
    )


def months(tables: ReportTables, language: Language, segment: Segment, origin: str) -> list[Block]:
    """Return the seasons of the segment, if there are several months."""
    rows = beside_usual(tables, "season", segment)
    if rows["value"].count() < 2:  # noqa: PLR2004  one month has no season
        return []
    caption = language.say("page.season_caption", name=segment.label)
    named = [(language.month(row["item"]), row) for row in rows.to_dicts()]
    short = rows.with_columns(item=pl.Series([language.short_month(m) for m in rows["item"]]))
    top = rows.drop_nulls("value").sort("value", "item", descending=[True, False])["item"][0]
    return [
        Chart(
            f"{segment.key}-months",
            seasons(short, segment.colour, language),
            language.say("page.season_alt", month=language.month(top)),
            caption,
            origin,
            shares_table(named, language, (caption, "page.month"), origin),
        )
    ]


def rfm(tables: ReportTables, language: Language, segment: Segment) -> str:
    """Return the scores in words."""
    scores = {
        name: language.number(value(tables, segment.name, "rfm", "mean", name), 1)
        for name in ("recency", "frequency", "money")
    }
    return language.say("page.rfm", **scores)
