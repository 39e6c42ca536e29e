"""What each customer will do next, as known at the end of a week: a shard of the lake at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.dates import HISTORY, month_of, months_of_week, week_end, window_start
from amazing_assets.lake.contract import schema_of
from amazing_assets.next_actions.contract import NextActionProbabilities, NextActionVectors
from amazing_assets.next_actions.gathering import known_months, parts_of_shard, steps_of
from amazing_assets.next_actions.histories import histories
from amazing_assets.next_actions.vocabulary import ACTIONS, END_SESSION

if TYPE_CHECKING:
    from datetime import date

    from amazing_assets.lake.shard import Shard
    from amazing_assets.lake.table import Lake
    from amazing_assets.next_actions.model import NextActionModel

# Who did something so recently may still be there; after half an hour a visit is over.
_STILL_THERE_SECONDS = 30 * 60

LIKELIEST = 10

_PURCHASES = tuple(name for name in ACTIONS if name.startswith("purchase_"))


def moment(day: date) -> int:
    """Return the first second of a day, UTC, since 1970."""
    return int(datetime.combine(day, time(), UTC).timestamp())


@dataclass(frozen=True)
class VectorsOfWeek:
    """What makes `NextActionVectors` of a shard at the end of a week."""

    model: NextActionModel
    version: str
    week: str
    months: tuple[str, ...]

    @classmethod
    def of(cls, model: NextActionModel, version: str, week: str, lake: Lake) -> VectorsOfWeek:
        """Return that of a week; the months of its history that the lake has are read.

        Raises:
            NoSequencesError: There is none.
        """
        first = month_of(window_start(week_end(week), HISTORY))
        months = known_months(lake, months_of_week(week)[-1])
        return cls(model, version, week, tuple(month for month in months if month >= first))

    def __call__(self, shard: Shard) -> pl.LazyFrame:
        """Return the rows of a shard."""
        until = moment(week_end(self.week))
        answers = [pl.DataFrame(schema=schema_of(NextActionVectors))]
        for part in parts_of_shard(shard, self.months):
            steps = known_at(steps_of(shard, self.months, part), until)
            if not steps.is_empty():
                told = self.model.answer(histories(steps, until), until)
                told = told.with_columns(model_version=pl.lit(self.version))
                answers.append(told.select(schema_of(NextActionVectors).names()))
        return pl.concat(answers).lazy()


def known_at(steps: pl.DataFrame, until: int) -> pl.DataFrame:
    """Return what was known of customers at a moment: nothing later, and who was still there."""
    return query_known_at(steps.lazy(), until).collect()


def query_known_at(steps: pl.LazyFrame, until: int) -> pl.LazyFrame:
    """Return what was known of customers at a moment, as a query of what is known by now.

    Whether a visit went on after the moment must not tell on it: whoever did something in the last
    half hour is still there, everybody else has ended the visit.
    """
    before = steps.filter(pl.col("at") < until)
    is_last = pl.col("user_id") != pl.col("user_id").shift(-1)
    last = before.filter(is_last.fill_null(True))
    here = pl.col("at") >= until - _STILL_THERE_SECONDS
    is_end = pl.col("action") == END_SESSION
    ends = last.filter(~here & ~is_end).with_columns(action=pl.lit(END_SESSION, pl.Int16))
    is_open_end = is_last.fill_null(True) & here & is_end
    return pl.concat(
        [before.filter(~is_open_end), ends.with_columns(repeats=pl.lit(1, pl.Int32))]
    ).sort("user_id", maintain_order=True)


def likeliest(vectors: pl.LazyFrame, week: str) -> pl.LazyFrame:
    """Return `NextActionProbabilities` of a week's `NextActionVectors`."""
    names = pl.Series(ACTIONS, dtype=pl.String)
    wide = vectors.select(
        "user_id",
        "n_context",
        "cold_start",
        "model_version",
        told=pl.concat_list(ACTIONS),
        p_purchase=pl.sum_horizontal(pl.col(_PURCHASES).cast(pl.Float64)).clip(0, 1),
        p_end_session=pl.col("end_session").cast(pl.Float64),
        p_inactive_28d=pl.col("inactive_28d").cast(pl.Float64),
    )
    order = pl.col("told").list.eval(pl.element().arg_sort(descending=True)).list.head(LIKELIEST)
    return (
        wide.with_columns(place=order, week=pl.lit(week).str.to_date())
        .with_columns(
            probability=pl.col("told").list.gather(pl.col("place")),
            rank=pl.lit(list(range(1, LIKELIEST + 1)), pl.List(pl.Int16)),
        )
        .drop("told")
        .explode("place", "probability", "rank")
        .with_columns(
            action=pl.lit(names.implode()).list.get("place"),
            probability=pl.col("probability").cast(pl.Float64),
        )
        .select(schema_of(NextActionProbabilities).names())
    )
