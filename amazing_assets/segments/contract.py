"""The promises of the tables about segments."""

from typing import Any

import pandera.polars as pa
import polars as pl

from amazing_assets.lake.contract import Table

UNCLASSIFIED = "unclassified"

POPULATION = "population"

# The one segment of customers whom nothing tells apart.
UNDIFFERENTIATED = "undifferentiated"

# How firmly a name is its segment's.
SETTLED, PROVISIONAL, IN_RESERVE = "settled", "provisional", "reserve"
STATUSES = (SETTLED, PROVISIONAL, IN_RESERVE)


def code_of_name(*others: str) -> Any:  # noqa: ANN401 - as Pandera's own
    """The name of a segment, or what stands in its place."""
    code = "Code of the segment's name, such as `beavers`; words for it are in the report"
    return pa.Field(description=f"{'; '.join((code, *others))}. Never null.")


def status_of_name(null: str = "") -> Any:  # noqa: ANN401 - as Pandera's own
    """How firmly the name is the segment's; `null` says when there is none."""
    return pa.Field(
        isin=STATUSES,
        nullable=bool(null),
        description="settled: its customers are like those that the name stands for; provisional: "
        "they are not, and a person has yet to agree; reserve: a name without a meaning, beyond "
        f"the first seven. {null or 'Never null.'}",
    )


def traits_of_name(null: str = "") -> Any:  # noqa: ANN401 - as Pandera's own
    """What tells a name in reserve from the others."""
    return pa.Field(
        nullable=True,
        description="Codes of the two traits that tell a name in reserve from others, joined by "
        f"`, `, such as `thrifty, loyal`. {null or 'Null:'} a name of any other status.",
    )


class SegmentAssignments(Table):
    """One row per customer and month: the segment, or the reason for none."""

    month: pl.Date = pa.Field(description="First day of the month that was scored. Never null.")
    user_id: pl.Int64 = pa.Field(description="The customer's pseudonym. Never null.")
    segment: pl.Int16 = pa.Field(
        ge=1,
        nullable=True,
        description="Number of the segment; it stays the segment's own through every refit. Null: "
        "unclassified.",
    )
    segment_name: pl.String = code_of_name("`unclassified`: no segment")
    name_status: pl.String = status_of_name("Null: unclassified.")
    name_traits: pl.String = traits_of_name("Null: unclassified, or")
    reason: pl.String = pa.Field(
        isin=("insufficient_events", "bot_suspect", "dormant_out_of_window"),
        nullable=True,
        description="Why the customer has no segment. Null: has one.",
    )
    margin: pl.Float64 = pa.Field(
        ge=0,
        le=1,
        nullable=True,
        description="How clearly the customer belongs there: 0 a toss-up with the next segment, "
        "1 beyond doubt. Null: unclassified, or assigned by rules that know no doubt.",
    )
    model_version: pl.String = pa.Field(
        description="Registered version of the segment model that assigned. Never null."
    )
