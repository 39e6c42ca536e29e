"""Whom to contact this week: ranked by what is at stake, with reasons, the held-out ones marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.churn.risk.model import LOW
from amazing_assets.churn.risk.reasons import CODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amazing_assets.language.language import Language

_REASONS = ("reason_1", "reason_2", "reason_3")

_COLUMNS = (
    "rank",
    "user_id",
    "market",
    "reference_date",
    "task",
    "probability",
    "decile",
    "band",
    "expected_revenue",
    "value_at_risk",
    *_REASONS,
    "is_holdout",
    "model_version",
)


def contact_list(scores: pl.DataFrame, values: pl.DataFrame, budget: int) -> pl.DataFrame:
    """Return the list of one task and week, the customer with most at stake first.

    At stake is the probability times the revenue expected in the next 56 days. Whom it is far less
    likely of than of everybody (`low`) nobody writes to for that, however much they spend. As many
    customers as the budget allows who may be contacted, and between them those held out, who must
    not be: what a campaign brings is told by comparing the two.

    Args:
        scores: `ChurnScores` of the task and week.
        values: `CustomerValue` of the week; of whom it knows nothing, nothing is expected.
        budget: How many customers can be contacted.
    """
    ranked = (
        scores.filter(pl.col("band") != LOW)
        .join(values.select("user_id", "expected_revenue"), on="user_id", how="left")
        .with_columns(pl.col("expected_revenue").fill_null(0.0))
        .with_columns(value_at_risk=pl.col("probability") * pl.col("expected_revenue"))
        .sort("value_at_risk", "probability", "user_id", descending=[True, True, False])
    )
    reached = (~pl.col("is_holdout")).cum_sum()
    is_within = pl.when("is_holdout").then(reached < budget).otherwise(reached <= budget)
    # As exact as anybody acts on.
    shown = ranked.with_columns(
        pl.col("probability").round(4), pl.col("expected_revenue", "value_at_risk").round(2)
    )
    return shown.filter(is_within).with_row_index("rank", 1).select(_COLUMNS)


def beside_others(listed: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return the lists of a week, each with a column `also_on` of what other lists name a customer.

    Who pauses may leave as well: one letter is enough. Null: no other list does.

    Args:
        listed: Of `contact_list`, by task.
    """
    empty = pl.DataFrame(schema={"user_id": pl.Int64, "task": pl.String})
    named = pl.concat([empty, *(each.select("user_id", "task") for each in listed.values())])
    found = {}
    for task, own in listed.items():
        others = (
            named.filter(pl.col("task") != task)
            .group_by("user_id")
            .agg(also_on=pl.col("task").sort().str.join("; "))
        )
        found[task] = own.join(others, on="user_id", how="left", maintain_order="left")
    return found


def told_reasons(listed: pl.DataFrame, language: Language) -> pl.DataFrame:
    """Return a list with its reasons in words, in a column for it."""
    words = {
        code: language.say(f"reason.{code}") for code in CODES if language.knows(f"reason.{code}")
    }
    said = [pl.col(name).replace_strict(words, default=pl.col(name)) for name in _REASONS]
    told = pl.concat_str(said, separator="; ", ignore_nulls=True)
    return listed.with_columns(told.alias(f"why_{language.code}"))


def worth(listed: pl.DataFrame) -> dict[str, object]:
    """Return what a list comes to, for its page."""
    contacted = listed.filter(~pl.col("is_holdout"))
    return {
        "to contact": contacted.height,
        "held out": listed.height - contacted.height,
        "value at risk": float(contacted["value_at_risk"].sum()),
        "mean probability": contacted["probability"].mean(),
    }
