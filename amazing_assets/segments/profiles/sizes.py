"""How much of the shop each segment is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amazing_assets.language.language import ENGLISH
from amazing_assets.pictures import WIDTH, titled
from amazing_assets.segments.contract import UNCLASSIFIED
from amazing_assets.segments.naming.codes import NAME_COLUMNS, Name
from amazing_assets.segments.naming.given import GivenNames, called_today
from amazing_assets.segments.naming.words import no_segment
from amazing_assets.segments.profiles.figures import GROUP, ROW, Customers, each_group
from amazing_assets.small_cells import HIDDEN, blank, hide_small_cells

if TYPE_CHECKING:
    import altair as alt


SIZES = ("segment", "customers", "share", "mean_margin", "kind")

_KINDS = {"a segment": "#4c78a8", "no segment": "#b8c4d0"}


def segment_sizes(assignments: pl.DataFrame, given: GivenNames | None = None) -> pl.DataFrame:
    """Return the customers of each segment, and of each reason for none, the largest first.

    Figures of fewer than 20 customers are null, and so is a figure that would give them away: the
    number of all customers of a month is published.

    Args:
        assignments: Of a month.
        given: The names that people gave.
    """
    named = ("segment", "reason", *NAME_COLUMNS)
    counted = assignments.group_by(named).agg(users=pl.len(), mean_margin=pl.col("margin").mean())
    words = [in_words(given or {}, *row) for row in counted.select(named).iter_rows()]
    without = pl.col("reason").is_not_null()
    kind = pl.when(without).then(pl.lit("no segment")).otherwise(pl.lit("a segment"))
    cells = (
        counted.with_columns(kind=kind, segment=pl.Series(words, dtype=pl.String))
        .with_columns(share=pl.col("users") / pl.col("users").sum(), everybody=pl.lit(0))
        .sort("kind", "users", "segment", descending=[False, True, False])
    )
    shown = blank(hide_small_cells(cells, ("kind",), ("everybody",)), "share", "mean_margin")
    return shown.rename({"users": "customers"}).select(SIZES)


def in_words(given: GivenNames, number: int | None, reason: str | None, *name: str | None) -> str:
    """Return the name of a segment, or why there is none, for those who run the platform."""
    if reason:
        return no_segment(reason, ENGLISH)
    code, status, traits = name
    return called_today(number, Name.of(code or "", status, traits), ENGLISH, given)


def sizes_of_segments(sizes: pl.DataFrame, month: str) -> alt.TopLevelMixin:
    """Return `segment_sizes` as a chart."""
    import altair as alt  # noqa: PLC0415  heavy, and only needed where pictures are made

    colours = alt.Scale(domain=list(_KINDS), range=list(_KINDS.values()))
    base = alt.Chart(sizes, width=WIDTH, height=alt.Step(26)).encode(
        y=alt.Y("segment:N", sort=sizes["segment"].to_list(), axis=alt.Axis(title=None)),
        x=alt.X("customers:Q", axis=alt.Axis(format="~s", tickMinStep=1, title="customers")),
    )
    bars = base.mark_bar().encode(color=alt.Color("kind:N", scale=colours, legend=None))
    labels = base.mark_text(align="left", dx=4, fontSize=11).encode(
        text=alt.Text("share:Q", format=".1%")
    )
    return titled(alt.layer(bars, labels), f"Customers by segment, end of {month}")


SIZE_COLUMNS = ("n_events_history", "total_purchase_value", "has_purchased")


def size_figures(customers: Customers) -> pl.DataFrame:
    """Return how much of the shop each group is, with small groups marked."""
    known = customers.read(SIZE_COLUMNS)
    sums = {"users": pl.len(), "events": pl.col("n_events_history").sum()}
    sums |= {"revenue": pl.col("total_purchase_value").sum().round(2)}
    wholes = known.select(**{f"all_{name}": total for name, total in sums.items()}).row(
        0, named=True
    )
    buyers, margin = pl.col("has_purchased"), pl.col("margin")
    groups = each_group(
        known.with_columns(margin.fill_nan(None)),
        *(total.cast(pl.Float64).alias(name) for name, total in sums.items()),
        buyers.sum().cast(pl.Int64).alias("buyers"),
        buyers.mean().alias("buyer_share"),
        margin.mean().alias("margin"),
    ).with_columns(
        (pl.col(name) / (wholes[f"all_{name}"] or None)).alias(f"{name.rstrip('s')}_share")
        for name in sums
    )
    measures = [name for name in groups.columns if name not in {*GROUP, "buyers"}]
    rows = groups.with_columns(behind=pl.col("users").cast(pl.Int64)).unpivot(
        measures, index=[*GROUP, "behind", "buyers"], variable_name="measure"
    )
    money = pl.col("measure").str.starts_with("revenue")
    cells = rows.select(
        *GROUP,
        pl.lit("size").alias("topic"),
        pl.lit("all").alias("item"),
        "measure",
        "value",
        pl.when(money).then("buyers").otherwise("behind").alias("users"),
    ).filter(pl.col("users") > 0)
    is_segment = pl.col("segment").is_not_null()
    line = ("measure",)
    return without_shares_of_a_few(
        pl.concat(
            [
                hide_small_cells(cells.filter(is_segment), line, line),
                hide_small_cells(cells.filter(~is_segment), ROW[:5], ROW[:5]),
            ]
        )
    )


def without_shares_of_a_few(cells: pl.DataFrame) -> pl.DataFrame:
    """Hide the shares of a whole of which a few customers without a segment are the rest.

    A share and its figure give the whole, and the population what is missing to it.
    """
    few = (pl.col("segment_name") == UNCLASSIFIED) & pl.col(HIDDEN)
    is_share = pl.col("measure").is_in(("user_share", "event_share", "revenue_share"))
    gives_away = is_share & few.any().over("measure")
    return cells.with_columns((pl.col(HIDDEN) | gives_away).alias(HIDDEN))
