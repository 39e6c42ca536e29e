"""The tables that a report is made of, as far as the warehouse has them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from amazing_assets.cadence import WEEKLY
from amazing_assets.dates import WEEK, first_day, week_start
from amazing_assets.errors import PlainError
from amazing_assets.small_cells import SMALLEST_CELL
from amazing_assets.warehouse.warehouse import read_month

if TYPE_CHECKING:
    import polars as pl

    from amazing_assets.segments.naming.given import GivenNames
    from amazing_assets.warehouse.warehouse import Warehouse


class TooFewCustomersError(PlainError):
    """A report would tell on single customers."""


@dataclass(frozen=True)
class ReportTables:
    """Everything that a report may say, as frames; None: not measured, and the report says so.

    Attributes:
        month: As `2019-10`.
        profiles: `segment_profiles` of the month.
        migrations: `segment_migrations` of the month.
        statistics: `event_statistics` of the month.
        threshold: `event_threshold`: agreement and coverage by number of events, and the choice.
        candidates: `segment_candidates`: what was compared, what each reached, what was chosen.
        validation: `segment_validation`: the chosen segments on customers held out.
        features: `segment_features`: which habits tell the segments apart, which were left out.
        assigners: `segment_assigners`: simpler rules that place customers.
        surrogate: `segment_surrogate`: how well rules copy the model.
        confusion: `segment_confusion`: who is put where by model and rules.
        roc: `segment_roc`: `segment`, `false_positive_rate`, `true_positive_rate` of the rules.
        rules: `segment_rules`: the rules in words.
        drift: `segment_drift` of the month.
        next_actions: `next_action_evaluation`: how well what customers do next is foretold.
        given: The names that people gave to segments.
        risk: `churn_scores` of the last week that is complete in the month.
        outcomes: `churn_feedback` of that week and those before it.
    """

    month: str
    profiles: pl.DataFrame
    migrations: pl.DataFrame | None = None
    statistics: pl.DataFrame | None = None
    threshold: pl.DataFrame | None = None
    candidates: pl.DataFrame | None = None
    validation: pl.DataFrame | None = None
    features: pl.DataFrame | None = None
    assigners: pl.DataFrame | None = None
    surrogate: pl.DataFrame | None = None
    confusion: pl.DataFrame | None = None
    roc: pl.DataFrame | None = None
    rules: pl.DataFrame | None = None
    drift: pl.DataFrame | None = None
    next_actions: pl.DataFrame | None = None
    given: GivenNames = field(default_factory=dict)
    risk: pl.DataFrame | None = None
    outcomes: pl.DataFrame | None = None

    @property
    def model_version(self) -> str:
        """The version of the model that assigned the month."""
        return str(self.profiles["model_version"][0])

    @property
    def missing(self) -> tuple[str, ...]:
        """The tables that do not exist yet."""
        return tuple(self.absent.values())

    @property
    def absent(self) -> dict[str, str]:
        """The same by field."""
        return {name: asset for name, asset in sources().items() if getattr(self, name) is None}


# Under which name the warehouse keeps each of them.
MONTHLY = {
    "migrations": "segment_migrations",
    "statistics": "event_statistics",
    "drift": "segment_drift",
}
WEEKLY_TABLES = {"risk": "churn_scores", "outcomes": "churn_feedback"}
OF_THE_MODEL = {
    "threshold": "event_threshold",
    "candidates": "segment_candidates",
    "validation": "segment_validation",
    "features": "segment_features",
    "assigners": "segment_assigners",
    "surrogate": "segment_surrogate",
    "confusion": "segment_confusion",
    "roc": "segment_roc",
    "rules": "segment_rules",
    "next_actions": "next_action_evaluation",
}


def read_tables(
    warehouse: Warehouse, month: str, given: GivenNames | None = None
) -> ReportTables | None:
    """Return the tables of a month; None if no segment was profiled in it.

    Args:
        warehouse: Has them.
        month: As `2019-10`.
        given: The names that people gave to segments.

    Raises:
        TooFewCustomersError: Of none of its customers anything may be told.
    """
    day = first_day(month)
    profiles = read_month(warehouse, "segment_profiles", day)
    if profiles is None:
        return None
    if not profiles["value"].count():
        raise TooFewCustomersError(
            f"{month} has no report: fewer than {SMALLEST_CELL} customers, or customers in groups "
            "so small, would be recognised in it; it is made once more of them have landed."
        )
    monthly = {name: read_month(warehouse, table, day) for name, table in MONTHLY.items()}
    others = {name: warehouse.read_table(table) for name, table in OF_THE_MODEL.items()}
    risk = _latest_week(warehouse, WEEKLY_TABLES["risk"], month)
    weeks = WEEKLY.complete_with(month)
    outcomes = warehouse.read_partitions(
        WEEKLY_TABLES["outcomes"],
        week_start(weeks[-1]) - _WEEKS_TOLD * WEEK,
        week_start(weeks[-1]),
        WEEKLY,
    )
    return ReportTables(
        month,
        profiles,
        **monthly,
        **others,
        given=given or {},
        risk=risk,
        outcomes=outcomes,
    )


# Of what was told and what happened, a quarter is enough to see where it goes.
_WEEKS_TOLD = 12


def _latest_week(warehouse: Warehouse, table: str, month: str) -> pl.DataFrame | None:
    """Return the last week of a table that is complete in a month; None: there is none."""
    weeks = (week_start(week) for week in reversed(WEEKLY.complete_with(month)))
    found = (warehouse.read_partitions(table, week, week, WEEKLY) for week in weeks)
    return next((each for each in found if each is not None), None)


def sources() -> dict[str, str]:
    """Return of each field the asset that makes it."""
    named = {**MONTHLY, **WEEKLY_TABLES, **OF_THE_MODEL, "profiles": "segment_profiles"}
    return {each.name: named[each.name] for each in fields(ReportTables) if each.name in named}
