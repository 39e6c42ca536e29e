"""Where a figure comes from, and what is said where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.delivery.report.blocks import Notice
from amazing_assets.delivery.report.tables import OF_THE_MODEL, WEEKLY_TABLES, sources

if TYPE_CHECKING:
    from amazing_assets.delivery.report.tables import ReportTables
    from amazing_assets.language.language import Language


# What `event_threshold` calls a model that was fitted to find the threshold and thrown away.
UNPUBLISHED = "unpublished"


def source(tables: ReportTables, language: Language, table: str) -> str:
    """Return the line that traces figures to their asset, month and model version."""
    asset = sources()[table]
    if table == "statistics":
        return language.say("source.plain", asset=asset, partition=tables.month)
    if table in WEEKLY_TABLES:
        rows = getattr(tables, table)
        week = rows["week"].max() if rows is not None else tables.month
        return language.say("source.plain", asset=asset, partition=week)
    if table not in OF_THE_MODEL:
        version = tables.model_version
        return language.say("source.line", asset=asset, partition=tables.month, version=version)
    frame = getattr(tables, table)
    # Of the champion, which need not be the model that assigned the month.
    version = frame["model_version"][0] if frame is not None and frame.height else "\u2013"
    if version == UNPUBLISHED:
        return language.say("source.unpublished", asset=asset)
    return language.say("source.model", asset=asset, version=version)


def missing(language: Language, table: str) -> Notice:
    """Return the remark that a table does not exist yet."""
    return Notice(language.say("missing", asset=sources()[table]))
