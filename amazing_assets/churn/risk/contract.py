"""The promises of the tables about risk."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl  # noqa: TC002  Pandera reads the annotations

from amazing_assets.churn.outcomes import TASKS
from amazing_assets.churn.risk.model import BANDS, DECILES
from amazing_assets.churn.risk.reasons import CODES
from amazing_assets.lake.contract import Table

_TASKS = tuple(task.name for task in TASKS)

_ASKED = (
    "pause: of customers of the last 28 days, whether nothing is heard of them in the next 28; "
    "cancel: of buyers of the last 84, whether they buy nothing in the next 56; reactivate: of "
    "customers away for 29 to 140 days, whether they come back in the next 28."
)


def _reason(rank: str) -> pl.String:
    return pa.Field(  # type: ignore[no-any-return]  # as Pandera's own
        isin=CODES,
        nullable=True,
        description=f"Code of what adds {rank} to the probability, such as `away_high`: longer "
        "since the last visit than usual. Null: nothing else adds anything worth telling.",
    )


class ChurnScores(Table):
    """One row per week, task and customer who is asked about: how likely it is to happen."""

    week: pl.Date = pa.Field(description="Tuesday on which the week begins. Never null.")
    reference_date: pl.Date = pa.Field(
        description="Tuesday that ends it: nothing of it, or later, was known. Never null."
    )
    market: pl.String = pa.Field(
        description="The market of the shop; main: it has one. Never null."
    )
    user_id: pl.Int64 = pa.Field(ge=0, description="The customer's pseudonym. Never null.")
    task: pl.String = pa.Field(isin=_TASKS, description=f"What is foretold. {_ASKED} Never null.")
    probability: pl.Float64 = pa.Field(
        ge=0,
        le=1,
        description="How likely it is to happen, 0 to 1, at the level of the newest week whose "
        "outcome is known. Never null.",
    )
    decile: pl.Int16 = pa.Field(
        ge=1,
        le=DECILES,
        description="Tenth of the customers of the task and week, 1 the likeliest. Never null.",
    )
    band: pl.String = pa.Field(
        isin=BANDS,
        description="high: the odds are at least three times those of everybody; low: a third of "
        "them at most; else medium. Never null.",
    )
    reason_1: pl.String = _reason("most")
    reason_2: pl.String = _reason("second most")
    reason_3: pl.String = _reason("third most")
    model_version: pl.String = pa.Field(
        description="Registered version of the task's model that answered. Never null."
    )
    is_holdout: pl.Boolean = pa.Field(
        description="Whether no campaign may reach the customer, for 26 weeks. Never null."
    )


class ChurnFeedback(Table):
    """One row per week, task, model, population and figure: what was told and what happened.

    Of the scores whose outcome became known in the week.
    """

    week: pl.Date = pa.Field(description="Tuesday on which the week begins. Never null.")
    reference_date: pl.Date = pa.Field(
        description="Tuesday that ends it: what happened before it is known. Never null."
    )
    scored_date: pl.Date = pa.Field(
        description="Reference date of the scores that are held against it. Never null."
    )
    task: pl.String = pa.Field(isin=_TASKS, description=f"What was foretold. {_ASKED} Never null.")
    model_version: pl.String = pa.Field(
        description="Registered version of the task's model that answered. Never null."
    )
    model: pl.String = pa.Field(
        description="served: what was told; or a baseline that was fitted on the same weeks: "
        "prevalence, recency, overdue, rfm, p_alive. Never null."
    )
    population: pl.String = pa.Field(
        isin=("everybody", "held_out", "likeliest_tenth", "contacted", "not_contacted"),
        description="Whose outcomes: of everybody; of customers whom no campaign could reach; of "
        "the likeliest tenth, held out against all others; of customers whom a campaign contacted "
        "before it was known what happened, and of all others, where contacts were told of. Never "
        "null.",
    )
    figure: pl.String = pa.Field(
        description="prevalence, pr_auc, roc_auc, lift_10, recall_10, brier, brier_skill, ece, "
        "slope, told_to_happened; told and happened, mean of a tenth; uplift, how much less often "
        "customers paused or left, or how much more often they came back, whom campaigns could "
        "reach; alert, what asks for a look. Never null."
    )
    item: pl.String = pa.Field(
        nullable=True,
        description="The tenth, 1 the likeliest, or the code of an alert. Null: of neither.",
    )
    customers: pl.Int64 = pa.Field(
        nullable=True, description="Customers behind the figure. Null: fewer than 20."
    )
    value: pl.Float64 = pa.Field(
        nullable=True,
        description="The figure. Null: of fewer than 20 customers, or too few who did it.",
    )
    low: pl.Float64 = pa.Field(
        nullable=True,
        description="Lower end of the 95 % interval; of an alert the least that is usual. Null: "
        "not measured.",
    )
    high: pl.Float64 = pa.Field(
        nullable=True,
        description="Upper end of the interval; of an alert the most that is usual. Null: not "
        "measured.",
    )
