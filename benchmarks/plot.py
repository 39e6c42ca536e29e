"""What was measured as a picture: seconds by events, and features by months of history."""

from pathlib import Path

import altair as alt
import polars as pl
import vl_convert

from amazing_assets.pictures import titled
from benchmarks.kept import Kept
from benchmarks.law import SIZES
from benchmarks.scenarios import IN_ONE, TO_SUMMARIES
from benchmarks.steps import FEATURES
from benchmarks.targets import SEVEN

PLOT = Path(__file__).parent / "measured.svg"
MILLIONS = alt.Axis(format="~s", values=[1e6, 5e6, 20e6, 65e6])
DRAWN = (FEATURES, TO_SUMMARIES, IN_ONE)


def draw(kept: Kept) -> str:
    """Return the picture as SVG."""
    both = alt.hconcat(_by_events(kept), _by_months(kept)).resolve_scale(color="independent")
    svg: str = vl_convert.vegalite_to_svg(titled(both, "What a month costs").to_dict())
    return svg


def _by_events(kept: Kept) -> alt.Chart:
    rows = [
        {"step": step, "events": best.any.events, "seconds": best.seconds}
        for step in DRAWN
        for size in SIZES
        if (best := kept.find(size, step))
    ]
    rows += [
        {"step": "bare call", "events": best.any.events, "seconds": best.bare}
        for size in SIZES
        if (best := kept.find(size, IN_ONE))
    ]
    scale = alt.Scale(type="log")
    return (
        alt.Chart(_frame(rows, "events"))
        .mark_line(point=True)
        .encode(
            alt.X("events:Q", scale=scale, title="events of the month", axis=MILLIONS),
            alt.Y("seconds:Q", scale=scale, title="seconds, whole process"),
            alt.Color("step:N", title=None),
        )
        .properties(width=330, height=260)
    )


def _by_months(kept: Kept) -> alt.Chart:
    rows = [
        {"step": FEATURES, "months": best.any.history, "seconds": best.ratio}
        for best in kept.of_scenario(SEVEN)
        if best.any.step == FEATURES
    ]
    return (
        alt.Chart(_frame(rows, "months"))
        .mark_line(point=True)
        .encode(
            alt.X("months:O", title="months so far", axis=alt.Axis(labelAngle=0)),
            alt.Y("seconds:Q", title=f"{FEATURES}, bare calls of the month"),
        )
        .properties(width=240, height=260)
    )


def _frame(rows: list[dict[str, object]], by: str) -> pl.DataFrame:
    """Return rows as a frame that has its columns even without any."""
    return pl.DataFrame(rows, {"step": pl.String, by: pl.Int64, "seconds": pl.Float64})
