"""What is measured of ours, the steps as a user runs them, and the call that they stand beside."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from amazing_assets.variables import NAMES

RAW, CLEAN, SUMMARIES, FEATURES = "raw_events", "clean_events", "summaries", "user_features"

# Each a process of its own.
STEPS = {
    RAW: "key:raw_events",
    CLEAN: "key:clean_events",
    SUMMARIES: "key:sessions or key:user_products or key:price_book",
    FEATURES: "key:user_features",
}
TO_SUMMARIES = " or ".join(STEPS[name] for name in (RAW, CLEAN, SUMMARIES))
TO_FEATURES = " or ".join(STEPS.values())
TO_ASSIGNMENTS = "+key:segment_assignments"
MODEL, ASSIGNMENTS = "segment_model", "segment_assignments"

# What a user would pick instead for the first step alone: no typed cents, no rejects, no
# pseudonyms, no shards. The files hold planted dirt, at which it would stop: it is told to lose
# those rows.
BARE = """
import sys, polars as pl
dirty = {"ignore_errors": True, "truncate_ragged_lines": True}
pl.scan_csv(sys.argv[1], **dirty).sink_parquet(sys.argv[2])
"""


def bare(file: Path, sink: Path) -> list[str]:
    """Return the command that a ratio is a ratio to."""
    return [sys.executable, "-c", BARE, str(file), str(sink)]


def run(months: Iterable[str], selection: str) -> list[str]:
    """Return the command that makes a selection of assets in months that follow one another."""
    first, *_, last = (*months, *months)
    chosen = ["--months", f"{first}:{last}", "--select", selection, "--json"]
    return [sys.executable, "-m", "amazing_assets", "run", *chosen]


def environment(**ours: str) -> dict[str, str]:
    """Return this process' variables with only these of ours: no setting of the user's measures."""
    theirs = {*NAMES, "MLFLOW_TRACKING_URI"}
    kept = {name: value for name, value in os.environ.items() if name not in theirs}  # noqa: TID251  handed on
    return kept | ours


def home(folder: Path, landing: Path, **more: str) -> dict[str, str]:
    """Return the variables of a home that reads a landing folder."""
    return environment(AMAZING_HOME=str(folder), AMAZING_LANDING=str(landing), **more)
