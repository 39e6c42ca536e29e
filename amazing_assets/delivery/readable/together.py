"""One row per customer with all that is known today: the newest view, scores and value joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.churn.outcomes import TASKS
from amazing_assets.delivery.readable.contracts import empty_columns
from amazing_assets.places import SCHEMA
from amazing_assets.warehouse.described import comments, descriptions, identifier, qualified

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from amazing_assets.delivery.readable.contracts import Contracts

TOGETHER = "customer_360"

_VIEW, _SCORES, _VALUE = "customer_view", "churn_scores", "customer_value"

_OF_SCORES = ("probability", "decile", "band", "reason_1")
_OF_VALUE = ("expected_purchases", "expected_revenue", "revenue_low", "revenue_high", "p_alive")

_SAID = (
    "One row per customer of the newest customer view, with the newest scores of who will pause, "
    "cancel or come back, and the newest value beside it."
)


def customer_360(contracts: Contracts, described: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Yield the statements that make the view of all that is known of each customer.

    Args:
        contracts: What tables are.
        described: Of each table and view that is there what each of its columns is; of scores and
            values that are not there nothing is known of anybody.
    """
    tables = {*described}
    named = {name: _newest(name, contracts, tables) for name in (_SCORES, _VALUE)}
    scores = ", ".join(
        f"max({column}) filter (task = '{task.name}') as {task.name}_{column}"
        for task in TASKS
        for column in _OF_SCORES
    )
    newest = _newest(_VIEW, contracts, {_VIEW})
    yield f"""
        create view {SCHEMA}.{TOGETHER} as
        select view.*, scored.* exclude (user_id), worth.* exclude (user_id)
        from {newest} as view
        left join (
            select user_id, max(reference_date) as scores_reference_date,
                bool_or(is_holdout) as is_holdout, {scores}
            from {named[_SCORES]} group by user_id
        ) as scored using (user_id)
        left join (
            select user_id, reference_date as value_reference_date, {", ".join(_OF_VALUE)}
            from {named[_VALUE]}
        ) as worth using (user_id)
    """  # noqa: S608  our own names
    yield from comments(
        "view", qualified(TOGETHER), _SAID, {**described[_VIEW], **_described(contracts)}
    )


def _newest(name: str, contracts: Contracts, tables: Collection[str]) -> str:
    if name not in tables:
        columns = empty_columns(contracts.warehouse[name])
        return f"(select {columns} where false)"
    table = f"{SCHEMA}.{identifier(name)}"
    return f"(select * from {table} where week = (select max(week) from {table}))"  # noqa: S608  as above


def _described(contracts: Contracts) -> dict[str, str]:
    scores = descriptions(contracts.warehouse[_SCORES])
    value = descriptions(contracts.warehouse[_VALUE])
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
