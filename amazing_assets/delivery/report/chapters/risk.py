"""Who is at risk, why, and how good what was told of the last weeks has been."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.churn.outcomes import TASKS
from amazing_assets.churn.risk.feedback import CONTACTED, NOT_CONTACTED
from amazing_assets.churn.risk.model import HIGH
from amazing_assets.delivery.report.blocks import Block, Chart, Notice, Paragraph, Section, Table
from amazing_assets.delivery.report.chapters.sourcing import missing, source
from amazing_assets.small_cells import SMALLEST_CELL

if TYPE_CHECKING:
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language

_ORDER = tuple(task.name for task in TASKS)

_REASONS_SHOWN = 5

# Whom campaigns reached before it was known what happened, and whom they did not.
_REACHED = (CONTACTED, NOT_CONTACTED)
_LEVELS = ("prevalence", "told_to_happened")


def risk(tables: ReportTables, language: Language) -> Section:
    """Return the section."""
    title, how = language.say("risk.title"), Paragraph(language.say("risk.how"))
    if tables.risk is None:
        blocks: tuple[Block, ...] = (how, missing(language, "risk"))
        return Section("risk", title, blocks, apart=False)
    told = (how, who(tables, language), why(tables, language), *after(tables, language))
    return Section("risk", title, told)


def who(tables: ReportTables, language: Language) -> Table:
    """Return how many customers are asked about, and how many are likely to do it."""
    scores = _scores(tables)
    rows = []
    for task in _tasks(scores):
        of_task = scores.filter(task=task)
        first = of_task.filter(decile=1)
        rows.append(
            (
                language.say(f"risk.{task}"),
                language.number(_shown(of_task.height)),
                language.share(_mean(of_task)),
                language.number(_shown(of_task.filter(band=HIGH).height)),
                language.share(_mean(first)),
            )
        )
    day = scores["reference_date"][0].isoformat()
    caption = language.say("risk.who", day=language.day(day))
    header = ("task", "asked", "expected", "high", "first")
    return Table(
        caption,
        tuple(language.say(f"risk.column.{name}") for name in header),
        tuple(rows),
        source(tables, language, "risk"),
    )


def why(tables: ReportTables, language: Language) -> Table:
    """Return what most often speaks for it among the likeliest tenth."""
    scores = _scores(tables)
    rows = []
    for task in _tasks(scores):
        likeliest = scores.filter(task=task, decile=1)
        counted = (
            likeliest.unpivot(["reason_1", "reason_2", "reason_3"], value_name="reason")
            .drop_nulls("reason")
            .group_by("reason")
            .len("customers")
            .filter(pl.col("customers") >= SMALLEST_CELL)
            .sort("customers", "reason", descending=[True, False])
            .head(_REASONS_SHOWN)
        )
        rows += [
            (
                language.say(f"risk.{task}"),
                reason_in_words(reason, language),
                language.share(customers / likeliest.height),
            )
            for reason, customers in counted.iter_rows()
        ]
    header = ("task", "reason", "share")
    return Table(
        language.say("risk.why"),
        tuple(language.say(f"risk.column.{name}") for name in header),
        tuple(rows),
        source(tables, language, "risk"),
        words=2,
    )


def reason_in_words(code: str, language: Language) -> str:
    """Return a reason, such as `away_high`, for a reader."""
    topic, _, side = code.rpartition("_")
    return language.say(f"reason.{topic}_{side}")


def after(tables: ReportTables, language: Language) -> list[Block]:
    """Return how good what was told has been: by tenths, week by week, and by those held out."""
    if tables.outcomes is None or tables.outcomes.drop_nulls("value").is_empty():
        return [Paragraph(language.say("risk.too_early"))]
    return [
        tenths(tables, language),
        weeks(tables, language),
        Paragraph(campaigns(tables.outcomes, language)),
        *contacted(tables, language),
        *alerts(tables.outcomes, language),
    ]


def tenths(tables: ReportTables, language: Language) -> Chart:
    """Return, by tenths of the customers, what was told and what happened."""
    from amazing_assets.delivery.report.charts.risk import told_and_happened  # noqa: PLC0415 altair

    outcomes = _outcomes(tables)
    counted = pl.col("value") * pl.col("customers")
    found = (
        outcomes.filter(pl.col("figure").is_in(["told", "happened"]))
        .drop_nulls("value")
        .group_by("task", "figure", decile=pl.col("item").cast(pl.Int64))
        .agg((counted.sum() / pl.col("customers").sum()).alias("value"))
        .pivot("figure", index=["task", "decile"], values="value")
        .sort(_order(), "decile")
    )
    caption, origin = language.say("risk.tenths"), source(tables, language, "outcomes")
    header = ("task", "tenth", "told", "happened")
    table = Table(
        caption,
        tuple(language.say(f"risk.column.{name}") for name in header),
        tuple(
            (
                language.say(f"risk.{row['task']}"),
                language.number(row["decile"]),
                language.share(row["told"]),
                language.share(row["happened"]),
            )
            for row in found.iter_rows(named=True)
        ),
        origin,
    )
    spec = told_and_happened(found, language)
    return Chart("risk_tenths", spec, language.say("risk.tenths.alt"), caption, origin, table)


def weeks(tables: ReportTables, language: Language) -> Chart:
    """Return, week by week, how much likelier it was in the first tenth than on the whole."""
    from amazing_assets.delivery.report.charts.risk import lifts  # noqa: PLC0415  altair

    outcomes = _outcomes(tables)
    found = (
        outcomes.filter(pl.col("model").is_in(["served", "recency"]), figure="lift_10")
        .filter(pl.col("population") == "everybody")
        .drop_nulls("value")
        .select("task", "scored_date", "model", "value")
        .sort(_order(), "scored_date", "model")
    )
    caption, origin = language.say("risk.weeks"), source(tables, language, "outcomes")
    wide = found.pivot("model", index=["task", "scored_date"], values="value")
    header = ("task", "scored", "served", "recency")
    table = Table(
        caption,
        tuple(language.say(f"risk.column.{name}") for name in header),
        tuple(
            (
                language.say(f"risk.{row['task']}"),
                language.day(row["scored_date"].isoformat()),
                language.number(row.get("served"), 1),
                language.number(row.get("recency"), 1),
            )
            for row in wide.iter_rows(named=True)
        ),
        origin,
        words=2,
    )
    spec = lifts(found, language)
    return Chart("risk_weeks", spec, language.say("risk.weeks.alt"), caption, origin, table)


def contacted(tables: ReportTables, language: Language) -> list[Block]:
    """Return what was told and happened of customers contacted meanwhile, and of all others.

    Of the latest week of each task of which contacts and outcomes are known; nothing: of none.
    """
    of = ["task", "scored_date", "population"]
    told = (
        _outcomes(tables)
        .filter(
            pl.col("population").is_in(_REACHED), pl.col("figure").is_in(_LEVELS), model="served"
        )
        .drop_nulls("value")
        .filter(pl.col("scored_date") == pl.col("scored_date").max().over("task"))
        .pivot("figure", index=[*of, "customers"], values="value")
    )
    # Of few nothing is told, and of one group alone nothing can be seen.
    if not {*_LEVELS, *of} <= set(told.columns):
        return []
    known = told.drop_nulls(_LEVELS)
    both = known.filter(pl.col("population").n_unique().over("task") == len(_REACHED))
    if both.is_empty():
        return []
    rows = tuple(
        (
            language.say(f"risk.{row['task']}"),
            language.say(f"risk.{row['population']}"),
            language.number(row["customers"]),
            language.share(row["prevalence"] * row["told_to_happened"]),
            language.share(row["prevalence"]),
        )
        for row in both.sort(_order(), "population").iter_rows(named=True)
    )
    header = ("task", "reached", "customers", "told", "happened")
    table = Table(
        language.say("risk.contacted.caption"),
        tuple(language.say(f"risk.column.{name}") for name in header),
        rows,
        source(tables, language, "outcomes"),
        words=2,
    )
    return [table, Paragraph(language.say("risk.contacted.how"))]


def campaigns(outcomes: pl.DataFrame, language: Language) -> str:
    """Return what is known of what campaigns change."""
    known = outcomes.filter(figure="uplift").drop_nulls("value").sort("week")
    if known.is_empty():
        return language.say("risk.uplift.too_few")
    last = known.row(-1, named=True)
    is_chance = last["low"] <= 0 <= last["high"]
    return language.say(
        "risk.uplift.chance" if is_chance else "risk.uplift",
        task=language.say(f"risk.{last['task']}"),
        day=language.day(last["scored_date"].isoformat()),
        value=language.share(last["value"]),
        low=language.share(last["low"]),
        high=language.share(last["high"]),
    )


def alerts(outcomes: pl.DataFrame, language: Language) -> list[Block]:
    """Return what of the last week asks for a look."""
    latest = outcomes.filter(pl.col("week") == pl.col("week").max(), figure="alert")
    return [
        Notice(
            language.say(
                f"risk.alert.{row['item']}",
                task=language.say(f"risk.{row['task']}"),
                value=language.number(row["value"], 2),
            )
        )
        for row in latest.sort(_order()).iter_rows(named=True)
    ]


def _scores(tables: ReportTables) -> pl.DataFrame:
    if tables.risk is None:
        raise TypeError("The report has no scores.")
    return tables.risk


def _outcomes(tables: ReportTables) -> pl.DataFrame:
    if tables.outcomes is None:
        raise TypeError("The report has no outcomes.")
    return tables.outcomes


def _tasks(frame: pl.DataFrame) -> list[str]:
    known = set(frame["task"])
    return [task for task in _ORDER if task in known]


def _order() -> pl.Expr:
    return pl.col("task").replace_strict(_ORDER, range(len(_ORDER)), return_dtype=pl.Int64)


def _shown(customers: int) -> int | None:
    return customers if customers >= SMALLEST_CELL else None


def _mean(scores: pl.DataFrame) -> float | None:
    found = scores["probability"].mean() if scores.height >= SMALLEST_CELL else None
    return float(found) if isinstance(found, float) else None
