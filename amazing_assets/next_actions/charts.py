"""What a training came to, as charts: how it learnt, how sure it may be, what it mixes up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amazing_assets.next_actions.evaluation import TEST
from amazing_assets.next_actions.figures import BINS
from amazing_assets.next_actions.vocabulary import (
    ACTIONS,
    CATEGORIES,
    CATEGORY_OF,
    END_SESSION,
)
from amazing_assets.pictures import WIDTH, titled

if TYPE_CHECKING:
    import altair as alt

    from amazing_assets.next_actions.evaluation import Judged
    from amazing_assets.next_actions.histories import Histories
    from amazing_assets.next_actions.model import NextActionModel
    from amazing_assets.next_actions.training import Fitted, Material

_TOLD, _TRUE = "#4c78a8", "#8a9ba8"

# Actions that a picture has room for.
_SHOWN = 12

# What stands for every action that is not shown.
_OTHERS = -1

_EXAMPLES, _READ, _LIKELIEST = 4, 5, 5


def pictures(fitted: Fitted, seen: Material) -> dict[str, alt.TopLevelMixin]:
    """Return the charts of a training, by what they show."""
    model, judged = fitted.model, shown_of(fitted)
    targets = seen.found.targets[seen.parts.test]
    drawn = {
        "reliability": reliability(calibration(judged, targets), judged.name),
        "mixed up": confusion(mixed_up(judged, targets), judged.name),
        "top 3 by category": by_category(top_3(judged, targets), judged.name),
        "example customers": customers(examples(model, seen.found)),
    }
    return drawn | ({} if model.curve.is_empty() else {"loss curves": curves(model.curve)})


def shown_of(fitted: Fitted) -> Judged:
    """Return what was judged of the model that answers."""
    network = fitted.rivals.network
    return fitted.rivals.baseline if network is None or fitted.model.alert else network


def calibration(judged: Judged, targets: np.ndarray) -> pl.DataFrame:
    """Return how often what was foretold with about some probability happened."""
    scores = judged.scores[TEST]
    told = pl.DataFrame({"told": scores.confidence, "right": scores.guess == targets})
    place = (pl.col("told") * BINS).floor().clip(0, BINS - 1).alias("bin")
    return (
        told.group_by(place)
        .agg(pl.col("told").mean(), pl.col("right").mean(), places=pl.len())
        .sort("bin")
    )


def mixed_up(judged: Judged, targets: np.ndarray) -> pl.DataFrame:
    """Return what was foretold where the most frequent actions happened, as shares of each."""
    pairs = pl.DataFrame({"happened": targets.astype(np.int64), "told": judged.scores[TEST].guess})
    frequent = pairs["happened"].value_counts(sort=True).head(_SHOWN)["happened"]
    names = {number: words(number) for number in range(len(ACTIONS))} | {_OTHERS: "another"}
    is_shown = pl.col("told").is_in(frequent.implode())
    return (
        pairs.filter(pl.col("happened").is_in(frequent.implode()))
        .with_columns(told=pl.when(is_shown).then("told").otherwise(_OTHERS))
        .group_by("happened", "told")
        .len("places")
        .with_columns(share=pl.col("places") / pl.col("places").sum().over("happened"))
        .with_columns(pl.col("happened", "told").replace_strict(names, return_dtype=pl.String))
        .sort("happened", "told")
    )


def top_3(judged: Judged, targets: np.ndarray) -> pl.DataFrame:
    """Return, by category, how often what happened was among the three likeliest actions."""
    hit = judged.scores[TEST].rank <= 3  # noqa: PLR2004  the three
    category = np.append(np.array(CATEGORIES), "the visit's end, or none")[CATEGORY_OF[targets]]
    return (
        pl.DataFrame({"category": category, "hit": hit})
        .group_by("category")
        .agg(pl.col("hit").mean(), places=pl.len())
        .sort("category")
    )


def examples(model: NextActionModel, found: Histories) -> pl.DataFrame:
    """Return some customers: what they did last, and what they are likely to do next."""
    lengths = np.diff(found.begins)
    chosen = np.argsort(-lengths, kind="stable")[:: max(1, len(lengths) // 20)][1 : _EXAMPLES + 1]
    places = found.last[chosen]
    told = model.probabilities(found, places)
    rows = []
    for number, place, probabilities in zip(range(len(places)), places, told, strict=True):
        first = max(found.begins[chosen[number]] + 1, place - _READ + 1)
        did = " → ".join(words(token) for token in found.tokens[first : place + 1])
        rows += [
            {
                "customer": f"Customer {number + 1}: {did}",
                "action": words(action),
                "probability": float(probabilities[action]),
            }
            for action in np.argsort(-probabilities)[:_LIKELIEST]
        ]
    schema = {"customer": pl.String, "action": pl.String, "probability": pl.Float64}
    return pl.DataFrame(rows, schema=schema)


def words(action: int) -> str:
    """Return an action for a reader."""
    if action == END_SESSION:
        return "ends the visit"
    return {END_SESSION + 1: "stays away 28 days"}.get(
        int(action), ACTIONS[action].replace("remove_from_cart", "remove").replace("_", " ")
    )


def reliability(bins: pl.DataFrame, name: str) -> alt.TopLevelMixin:
    """Return what was told against what happened."""
    import altair as alt  # noqa: PLC0415  heavy, and only needed where pictures are made

    scale = alt.Scale(domain=[0, 1])
    x = alt.X("told:Q", scale=scale, axis=alt.Axis(title="told: probability of the likeliest"))
    y = alt.Y("right:Q", scale=scale, axis=alt.Axis(title="happened"))
    line = alt.Chart(pl.DataFrame({"told": [0, 1], "right": [0, 1]}))
    points = alt.Chart(bins, width=WIDTH / 2, height=WIDTH / 2).mark_circle(color=_TOLD)
    return titled(
        alt.layer(
            line.mark_line(color=_TRUE, strokeDash=[4, 4]).encode(x=x, y=y),
            points.encode(x=x, y=y, size=alt.Size("places:Q", legend=None)),
        ),
        "How sure it may be",
        f"{name}, weeks to test; dashed: told and happened alike",
    )


def confusion(pairs: pl.DataFrame, name: str) -> alt.TopLevelMixin:
    """Return what was foretold for what happened."""
    import altair as alt  # noqa: PLC0415  as above

    drawn = (
        alt.Chart(pairs, width=WIDTH * 0.6, height=260)
        .mark_rect()
        .encode(
            x=alt.X("told:N", axis=alt.Axis(title="foretold", labelAngle=-50)),
            y=alt.Y("happened:N", axis=alt.Axis(title="happened")),
            color=alt.Color("share:Q", scale=alt.Scale(scheme="blues"), title="share of row"),
        )
    )
    return titled(drawn, "What is mixed up", f"{name}, the most frequent actions, weeks to test")


def by_category(hits: pl.DataFrame, name: str) -> alt.TopLevelMixin:
    """Return how often the three likeliest actions held what happened."""
    import altair as alt  # noqa: PLC0415  as above

    drawn = (
        alt.Chart(hits, width=WIDTH * 0.7)
        .mark_bar(color=_TOLD)
        .encode(
            x=alt.X("hit:Q", axis=alt.Axis(title="among the three likeliest", format="%")),
            y=alt.Y("category:N", sort="-x", axis=alt.Axis(title=None)),
        )
    )
    return titled(drawn, "Where it foretells well", f"{name}, by category of what happened")


def customers(told: pl.DataFrame) -> alt.TopLevelMixin:
    """Return what some customers are likely to do next."""
    import altair as alt  # noqa: PLC0415  as above

    panels = [
        alt.Chart(rows.drop("customer"), width=WIDTH * 0.6, title=name)
        .mark_bar(color=_TOLD)
        .encode(
            x=alt.X(
                "probability:Q",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(title=None, format="%", tickCount=5),
            ),
            y=alt.Y("action:N", sort="-x", axis=alt.Axis(title=None)),
        )
        for (name,), rows in told.group_by("customer", maintain_order=True)
    ]
    return titled(
        alt.vconcat(*panels), "What some customers will do next", "after their last action"
    )


def curves(curve: pl.DataFrame) -> alt.TopLevelMixin:
    """Return the loss of each network by epoch."""
    import altair as alt  # noqa: PLC0415  as above

    told = curve.unpivot(
        ["train_loss", "validate_loss"], index=["model", "seed", "epoch"], variable_name="of"
    ).with_columns(network=pl.format("{} {}", "model", "seed"), of=pl.col("of").str.head(-5))
    drawn = (
        alt.Chart(told, width=WIDTH * 0.8, height=220)
        .mark_line(point=True)
        .encode(
            x=alt.X("epoch:O", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("value:Q", scale=alt.Scale(zero=False), axis=alt.Axis(title="log loss")),
            color=alt.Color("network:N", legend=alt.Legend(title=None, orient="top")),
            strokeDash=alt.StrokeDash("of:N", legend=alt.Legend(title=None, orient="top")),
        )
    )
    return titled(drawn, "How the networks learnt", "")
