"""One row per customer with all that is known today: the newest view, scores and value joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.churn.outcomes import TASKS
from amazing_assets.delivery.readable.contracts import empty_columns
from amazing_assets.places import SCHEMA
from amazing_assets.warehouse.described import comments, descriptions, qualified

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from amazing_assets.delivery.readable.contracts import Contracts

TOGETHER = "customer_360"

VIEW, SCORES, VALUE = "customer_view", "churn_scores", "customer_value"

_OF_SCORES = ("probability", "decile", "band", "reason_1")
_OF_VALUE = ("expected_purchases", "expected_revenue", "revenue_low", "revenue_high", "p_alive")

SAID = (
    "One row per customer of the newest customer view, with the newest scores of who will pause, "
    "cancel or come back, and the newest value beside it."
)


def customer_360(contracts: Contracts, described: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Yield the statements that make the view of all that is known of each customer, in DuckDB.

    Args:
        contracts: What tables are.
        described: Of each table and view that is there what each of its columns is; of scores and
            values that are not there nothing is known of anybody.
    """
    sources = {
        name: _newest(qualified(name))
        if name in described
        else f"(select {empty_columns(contracts.warehouse[name])} where false)"
        for name in (SCORES, VALUE)
    }
    query = together({VIEW: _newest(qualified(VIEW)), **sources})
    yield f"create view {SCHEMA}.{TOGETHER} as {query}"
    yield from comments(
        "view", qualified(TOGETHER), SAID, {**described[VIEW], **described_together(contracts)}
    )


def together(sources: Mapping[str, str]) -> str:
    """Return the query of all that is known of each customer, as every database understands it.

    Args:
        sources: What is selected from for the view, the scores and the value.
    """
    scores = ", ".join(
        f"max(case when task = '{task.name}' then {column} end) as {task.name}_{column}"
        for task in TASKS
        for column in _OF_SCORES
    )
    of_scores = ["scores_reference_date", "is_holdout"] + [
        f"{task.name}_{column}" for task in TASKS for column in _OF_SCORES
    ]
    beside = [f"scored.{column}" for column in of_scores] + [
        f"worth.{column}" for column in ("value_reference_date", *_OF_VALUE)
    ]
    return f"""
        select newest.*, {", ".join(beside)}
        from {sources[VIEW]} as newest
        left join (
            select user_id, max(reference_date) as scores_reference_date,
                bool_or(is_holdout) as is_holdout, {scores}
            from {sources[SCORES]} as told group by user_id
        ) as scored on scored.user_id = newest.user_id
        left join (
            select user_id, reference_date as value_reference_date, {", ".join(_OF_VALUE)}
            from {sources[VALUE]} as told
        ) as worth on worth.user_id = newest.user_id
    """  # noqa: S608  our own names


def _newest(table: str) -> str:
    return f"(select * from {table} where week = (select max(week) from {table}))"  # noqa: S608  as above


def described_together(contracts: Contracts) -> dict[str, str]:
    """Return what each column is that stands beside the view."""
    scores = descriptions(contracts.warehouse[SCORES])
    value = descriptions(contracts.warehouse[VALUE])
    return {
        "scores_reference_date": "Reference date of the scores. Null: none of the customer.",
        "is_holdout": "Whether no campaign may reach the customer. Null: not asked about.",
        **{
            f"{task.name}_{column}": f"Of who will {task.name}: {scores[column]} Null: not asked."
            for task in TASKS
            for column in _OF_SCORES
        },
        "value_reference_date": "Reference date of the value. Null: never bought.",
        **{column: f"{value[column]} Null: never bought." for column in _OF_VALUE},
    }
