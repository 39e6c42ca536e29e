"""How far a distribution has moved since a model was fitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amazing_assets.models.arrays import Labels, Matrix

# What a figure of drift asks for: nothing, a look, a new fit.
OK, WARN, REFIT = "ok", "warn", "refit"

# Population stability index: the bands that credit scoring has used for decades.
PSI_WARN, PSI_REFIT = 0.10, 0.25

BINS = 10

# An empty bin counts as one customer in ten thousand, or the logarithm would be infinite.
LEAST_SHARE = 1e-4

LEVELS = (OK, WARN, REFIT)


def alarms(drift: pl.DataFrame) -> list[str]:
    """Return what moved and how far, as `share_psi 0.31`, the gravest first."""
    moved = drift.filter(pl.col("level").is_in((WARN, REFIT))).sort(
        pl.col("level") == WARN, -pl.col("value")
    )
    named = pl.concat_str("measure", "item", separator=" ", ignore_nulls=True)
    return [f"{name} {value:.2f}" for name, value in moved.select(named, "value").iter_rows()]


def worst(drift: pl.DataFrame) -> str:
    """Return the gravest level in the table."""
    return max(drift["level"].drop_nulls(), key=LEVELS.index, default=OK)


def psi(expected: tuple[float, ...], actual: tuple[float, ...]) -> float:
    """Return the population stability index of two distributions over the same bins."""
    p, q = (np.maximum(shares, LEAST_SHARE) for shares in (expected, actual))
    return float(((q - p) * np.log(q / p)).sum())


def psi_level(value: float) -> str:
    """Return what a population stability index asks for."""
    return REFIT if value >= PSI_REFIT else WARN if value >= PSI_WARN else OK


def borders(values: Matrix) -> tuple[float, ...]:
    """Return the inner borders of ten bins of equal size; equal values leave fewer."""
    inner = np.quantile(values, np.arange(1, BINS) / BINS) if values.size else np.array([])
    return tuple(float(border) for border in np.unique(inner))


def binned(
    readable: pl.DataFrame, edges: Mapping[str, tuple[float, ...]]
) -> dict[str, tuple[float, ...]]:
    """Return the share of customers in each bin of each feature."""
    return {
        name: shares(np.searchsorted(inner, readable[name].to_numpy()), len(inner) + 1)
        for name, inner in edges.items()
    }


def shares(bins: Labels, count: int) -> tuple[float, ...]:
    """Return the share of each of so many bins."""
    counts = np.bincount(bins, minlength=count) / max(len(bins), 1)
    return tuple(float(share) for share in counts)
