"""What was told of customers against what they did, in the week in which that became known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from amazing_assets.churn.outcomes import months_after, outcomes_after
from amazing_assets.churn.risk.alerts import HOLDOUT_REACHED, alerts
from amazing_assets.churn.risk.contract import ChurnFeedback
from amazing_assets.churn.risk.features import PURCHASE_FEATURES
from amazing_assets.churn.risk.gathering import VIEW, VISITS, bought_before, history_months
from amazing_assets.churn.risk.model import deciles
from amazing_assets.dates import month_of, months_between, week_end, week_ending, week_start
from amazing_assets.lake.contract import schema_of
from amazing_assets.models.probabilities import Told, figures, measured
from amazing_assets.small_cells import SMALLEST_CELL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from amazing_assets.churn.outcomes import Task
    from amazing_assets.churn.risk.scoring import Versioned
    from amazing_assets.lake.shard import Shard
    from amazing_assets.lake.table import Lake

SCHEMA = schema_of(ChurnFeedback)

SERVED = "served"
EVERYBODY, HELD_OUT, LIKELIEST = "everybody", "held_out", "likeliest_tenth"
CONTACTED, NOT_CONTACTED = "contacted", "not_contacted"

CONTACTS = "contacts"

# Of fewer who did it in either group an uplift is chance.
_FEWEST_EVENTS = 5

# Of those held out: of more what a campaign brings can no longer be told by them.
_MOST_REACHED = 0.05

# Half the width of an interval of 95 %, in standard errors.
_WIDTH = 1.96


class Matured(NamedTuple):
    """Scores whose outcome is known.

    Attributes:
        task: What was foretold.
        scores: `ChurnScores` of the task.
        scored: The model that answered.
    """

    task: Task
    scores: pl.DataFrame
    scored: Versioned


def scored_week(task: Task, week: str) -> str:
    """Return the week of whose scores the outcome is known since a week."""
    return week_ending(week_end(week) - timedelta(days=task.horizon_days))


def feedback(
    lake: Lake, week: str, matured: Iterable[Matured], before: pl.DataFrame | None
) -> pl.DataFrame:
    """Return what was told against what happened.

    Args:
        lake: Where views and visits are.
        week: In which the outcomes became known.
        matured: The scores, one a task at most.
        before: `ChurnFeedback` of the week before; None: there is none.
    """
    tables = [_of_task(lake, week, each, before) for each in matured]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *tables])


def _of_task(lake: Lake, week: str, matured: Matured, before: pl.DataFrame | None) -> pl.DataFrame:
    scores, (model, version) = matured.scores, matured.scored
    known = _known(lake, matured)
    told = _told(known, SERVED)
    rows = [*_rows(told, SERVED, EVERYBODY)]
    for name in model.baselines:
        rows += _rows(_told(known, name), name, EVERYBODY)
    rows += _rows(_told(known.filter("is_holdout"), SERVED), SERVED, HELD_OUT)
    rows += _tenths(told)
    rows.append(uplift(known.filter(decile=1), is_good=matured.task.is_event))
    # Campaigns change what happens: where it is known whom they reached, these stand apart.
    for population, were in {CONTACTED: True, NOT_CONTACTED: False}.items():
        apart = known.filter(was_contacted=were)
        if known["was_contacted"].null_count() < known.height:
            rows += _rows(_told(apart, SERVED), SERVED, population)
    rows += reached(known)
    rows += alerts(model, rows, _task_of(before, matured.task.name))
    frame = pl.DataFrame(rows, schema={name: SCHEMA[name] for name in _OF_A_ROW}).with_columns(
        week=pl.lit(week_start(week)),
        reference_date=pl.lit(week_end(week)),
        scored_date=pl.lit(scores["reference_date"][0]),
        task=pl.lit(matured.task.name),
        model_version=pl.lit(version),
    )
    return frame.select(SCHEMA.names())


_OF_A_ROW = ("model", "population", "figure", "item", "customers", "value", "low", "high")


def _task_of(before: pl.DataFrame | None, task: str) -> pl.DataFrame:
    if before is None:
        return pl.DataFrame(schema=SCHEMA)
    return before.filter(task=task)


def _told(known: pl.DataFrame, name: str) -> Told:
    return Told(known[name].to_numpy(), known["outcome"].to_numpy(), known["user_id"].to_numpy())


def _rows(told: Told, model: str, population: str) -> Iterator[dict[str, Any]]:
    """Yield the figures of some probabilities; of few customers, that there are few."""
    customers, did = len(told.happened), told.happened.sum()
    is_few = customers < SMALLEST_CELL or not 0 < did < customers
    if is_few:
        yield _row(model, population, "prevalence", _hidden(customers))
        return
    # A hundred times as long take intervals, which what is only stood beside can do without.
    found = (
        {name: figure._asdict() for name, figure in figures(told).items()}
        if model == SERVED and population in {EVERYBODY, HELD_OUT}
        else {name: {"value": value} for name, value in measured(told).items()}
    )
    for name, figure in found.items():
        known = {end: _finite(value) for end, value in figure.items()}
        yield _row(model, population, name, customers, **known)


def _tenths(told: Told) -> Iterator[dict[str, Any]]:
    for row in deciles(told).iter_rows(named=True):
        for figure in ("told", "happened"):
            hidden = _hidden(row["customers"])
            value = row[figure] if hidden else None
            yield _row(SERVED, EVERYBODY, figure, hidden, value=value, item=str(row["decile"]))


def uplift(likeliest: pl.DataFrame, *, is_good: bool) -> dict[str, Any]:
    """Return what campaigns change among the likeliest: held out against all others.

    Args:
        likeliest: Columns `is_holdout` and `outcome`.
        is_good: Whether what happens is wanted.
    """
    groups = [likeliest.filter(pl.col("is_holdout") == held)["outcome"] for held in (True, False)]
    sizes = [len(each) for each in groups]
    events = [int(each.sum()) for each in groups]
    enough = min(sizes) >= SMALLEST_CELL and min(events) >= _FEWEST_EVENTS
    if not enough:
        return _row(SERVED, LIKELIEST, "uplift", _hidden(sum(sizes)))
    held, reached = (done / size for done, size in zip(events, sizes, strict=True))
    gained = reached - held if is_good else held - reached
    error = np.sqrt(held * (1 - held) / sizes[0] + reached * (1 - reached) / sizes[1])
    low, high = gained - _WIDTH * error, gained + _WIDTH * error
    return _row(
        SERVED, LIKELIEST, "uplift", sum(sizes), value=gained, low=float(low), high=float(high)
    )


def reached(known: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield an alert if campaigns reached many of those whom they were to leave alone.

    Args:
        known: Columns `is_holdout` and `was_contacted`.
    """
    held = known.filter("is_holdout")["was_contacted"].drop_nulls()
    share = float(held.mean() or 0.0) if len(held) >= SMALLEST_CELL else 0.0  # type: ignore[arg-type]  # of booleans
    if share > _MOST_REACHED:
        ends = {"value": share, "high": _MOST_REACHED, "item": HOLDOUT_REACHED}
        yield _row(SERVED, EVERYBODY, "alert", None, **ends)


def _row(
    model: str, population: str, figure: str, customers: int | None, **more: object
) -> dict[str, Any]:
    blank = dict.fromkeys(("item", "value", "low", "high"))
    known = {"model": model, "population": population, "figure": figure, "customers": customers}
    return {**known, **blank, **more}


def _hidden(customers: int) -> int | None:
    return customers if customers >= SMALLEST_CELL else None


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _known(lake: Lake, matured: Matured) -> pl.DataFrame:
    """Return the scores with what happened, and what the baselines would have told.

    Columns `user_id`, `served`, `decile`, `is_holdout`, `was_contacted` (by a campaign, before it
    was known what happened; null: nobody told of contacts of that time), `outcome` (1.0 or 0.0)
    and one a baseline.
    """
    task = _OutcomesOfShard(matured, lake.months(VISITS), lake.months(CONTACTS), lake.shards)
    told = list(lake.map(task))
    return pl.concat(told)


@dataclass(frozen=True)
class _OutcomesOfShard:
    """What holds a shard's scores against what happened, wherever it runs."""

    matured: Matured
    months: tuple[str, ...]
    contacted: tuple[str, ...]
    shards: int

    def __call__(self, shard: Shard) -> pl.DataFrame:
        model, as_of = self.matured.scored.model, self._as_of
        mine = self.matured.scores.filter(pl.col("user_id") % self.shards == shard.number)
        view = shard.scan(VIEW, week_ending(as_of)).select("user_id", *self._read).collect()
        after = [month for month in self.months if month in months_after(as_of)]
        outcomes = outcomes_after(shard.scan(VISITS, *after), as_of).collect()
        customers = view.join(mine.select("user_id"), on="user_id", how="semi")
        if model.repurchase is not None:
            history = history_months(as_of, self.months)
            bought = bought_before(shard.scan(VISITS, *history), as_of).collect()
            customers = model.read(customers, bought)
        baselines = {
            name: pl.Series(each.probabilities(customers)) for name, each in model.baselines.items()
        }
        told = customers.select("user_id").with_columns(**baselines)
        return (
            mine.select("user_id", "decile", "is_holdout", pl.col("probability").alias(SERVED))
            .join(told, on="user_id", maintain_order="left")
            .join(outcomes, on="user_id", how="left", maintain_order="left")
            .with_columns(
                outcome=self.matured.task.happens.cast(pl.Float64),
                was_contacted=self._was_contacted(shard),
            )
            .drop(name for name in outcomes.columns if name != "user_id")
        )

    @property
    def _read(self) -> list[str]:
        """The columns of the view that the baselines read."""
        baselines = self.matured.scored.model.baselines.values()
        return sorted({c for each in baselines for c in each.columns} - {*PURCHASE_FEATURES})

    def _was_contacted(self, shard: Shard) -> pl.Expr:
        ends = self._as_of + timedelta(days=self.matured.task.horizon_days)
        during = months_between(month_of(self._as_of), month_of(ends - timedelta(days=1)))
        known = [month for month in during if month in self.contacted]
        if not known:
            return pl.lit(None, pl.Boolean)
        day = pl.col("contacted_at").dt.date()
        told = shard.scan(CONTACTS, *known).filter(day >= self._as_of, day < ends)
        return pl.col("user_id").is_in(told.collect()["user_id"].unique().implode())

    @property
    def _as_of(self) -> date:
        as_of: date = self.matured.scores["reference_date"][0]
        return as_of
