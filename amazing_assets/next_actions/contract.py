"""The promises of the tables about next actions."""

from __future__ import annotations

from typing import Annotated

import pandera.polars as pa
import polars as pl

from amazing_assets.lake.contract import Table
from amazing_assets.next_actions.vocabulary import ACTIONS, END_SESSION

SMALL_NUMBERS = Annotated[pl.List, pl.Int16]
SECONDS = Annotated[pl.List, pl.Int32]


class ActionSequences(Table):
    """One row per customer and month: what was done, in order, as small numbers."""

    user_id: int = pa.Field(ge=0, description="The customer's pseudonym. Never null.")
    actions: SMALL_NUMBERS = pa.Field(
        description="Numbers of the actions in the order of time, from 0 in the order of the "
        f"vocabulary; {END_SESSION} after the last event of a visit. More than three of a kind in "
        "a row are kept as three. Never null."
    )
    seconds: SECONDS = pa.Field(
        description="When each action was done, seconds since the month began, UTC; the end of a "
        "visit has the second of its last event. Never null."
    )
    repeats: SMALL_NUMBERS = pa.Field(
        description="How many events each action stands for: more than 1 at the third of a kind in "
        "a row, up to 32,767. Never null."
    )
    first_session: str = pa.Field(
        description="Id of the visit of the month's first action: a visit that goes on from the "
        "month before is one. Never null."
    )
    last_session: str = pa.Field(
        description="Id of the visit of the month's last action. Never null."
    )
    is_bot_suspect: bool = pa.Field(
        description="Whether the customer behaves like a program in the month; no model learns "
        "from one. Never null."
    )


class NextActionEvaluation(Table):
    """One row per model that was tried, population and figure: how well each foretold."""

    model: pl.String = pa.Field(description="Name of the network or way of counting. Never null.")
    seed: pl.Int64 = pa.Field(description="Of the training; 0 for what is counted. Never null.")
    serves: pl.Boolean = pa.Field(description="Whether it is the one that answers. Never null.")
    period: pl.String = pa.Field(
        isin=("validate", "test"),
        description="validate: the weeks that it was chosen by; test: those after. Never null.",
    )
    population: pl.String = pa.Field(
        isin=("everybody", "in_visit", "after_visit", "strangers"),
        description="Whose actions: in_visit, what follows within a visit; after_visit, what "
        "follows its end; strangers, customers in no training. Never null.",
    )
    places: pl.Int64 = pa.Field(
        nullable=True,
        description="Actions that were foretold. Null: of fewer than 20 customers.",
    )
    customers: pl.Int64 = pa.Field(
        nullable=True, description="Customers whose actions they are. Null: fewer than 20."
    )
    figure: pl.String = pa.Field(
        description="log_loss; accuracy; top_3, how often the action was among the three "
        "likeliest; ndcg_5; macro_f1; ece, how far probabilities are from frequencies; "
        "purchase_brier and purchase_ece, of a purchase being next. Never null."
    )
    value: pl.Float64 = pa.Field(
        nullable=True, description="The figure. Null: of fewer than 20 customers."
    )
    low: pl.Float64 = pa.Field(
        nullable=True,
        description="Lower end of the 95 % interval, customers drawn anew. Null: not measured.",
    )
    high: pl.Float64 = pa.Field(
        nullable=True, description="Upper end of the interval. Null: not measured."
    )
    model_version: pl.String = pa.Field(
        description="Registered version of the next-action model in use. Never null."
    )


class NextActionProbabilities(Table):
    """One row per week, customer and action, of each customer the ten likeliest actions."""

    week: pl.Date = pa.Field(description="Tuesday on which the week begins. Never null.")
    user_id: pl.Int64 = pa.Field(ge=0, description="The customer's pseudonym. Never null.")
    rank: pl.Int16 = pa.Field(
        ge=1, le=10, description="1: the likeliest action of the customer. Never null."
    )
    action: pl.String = pa.Field(
        isin=ACTIONS,
        description="What may be done next: a type of event and a category, such as "
        "`view_electronics`; `end_session`: the visit ends; `inactive_28d`: nothing for 28 days "
        "after a visit. Never null.",
    )
    probability: pl.Float64 = pa.Field(
        ge=0, le=1, description="How likely the action is to be the next one, 0 to 1. Never null."
    )
    p_purchase: pl.Float64 = pa.Field(
        ge=0, le=1, description="That the next action is any purchase, 0 to 1. Never null."
    )
    p_end_session: pl.Float64 = pa.Field(
        ge=0, le=1, description="That the visit ends next, 0 to 1. Never null."
    )
    p_inactive_28d: pl.Float64 = pa.Field(
        ge=0,
        le=1,
        description="That nothing follows within 28 days of the last visit, 0 to 1; the days "
        "already gone by are allowed for, and 1 is that they have passed. Never null.",
    )
    n_context: pl.Int32 = pa.Field(
        ge=1, description="Actions that the model read, ends of visits included. Never null."
    )
    cold_start: pl.Boolean = pa.Field(
        description="Whether fewer than three actions are known, so that the answer is that of "
        "all customers after the same last action. Never null."
    )
    model_version: pl.String = pa.Field(
        description="Registered version of the next-action model that answered. Never null."
    )


def _next_action_vectors() -> type[pa.DataFrameModel]:
    """Build the contract of `next_action_vectors`: a column for every action."""
    members: dict[str, object] = {
        "user_id": pa.Field(ge=0, description="The customer's pseudonym. Never null."),
        **{
            name: pa.Field(
                ge=0, le=1, description=f"How likely `{name}` is to be next, 0 to 1. Never null."
            )
            for name in ACTIONS
        },
        "n_context": pa.Field(
            ge=1, description="Actions that the model read, ends of visits included. Never null."
        ),
        "cold_start": pa.Field(
            description="Whether fewer than three actions are known, so that the answer is that "
            "of all customers after the same last action. Never null."
        ),
        "model_version": pa.Field(
            description="Registered version of the next-action model that answered. Never null."
        ),
    }
    kinds = {
        "user_id": int,
        **dict.fromkeys(ACTIONS, pl.Float32),
        "n_context": pl.Int32,
        "cold_start": bool,
        "model_version": str,
    }
    members["__annotations__"] = kinds
    members["__doc__"] = "One row per customer: how likely each of the 58 actions is to be next."
    members["__module__"] = __name__
    members["Config"] = type("Config", (), {"strict": True})
    return type("NextActionVectors", (pa.DataFrameModel,), members)


NextActionVectors = _next_action_vectors()
