"""Measures that any model may be judged by."""

import numpy as np

from amazing_assets.models.arrays import Labels, Matrix


def standard_error(values: Matrix) -> float:
    """Return the standard error of a mean; 0 where one value alone tells none."""
    return float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else 0.0


def eta_squared(values: Matrix, labels: Labels) -> float:
    """Return the share of the variance of values that lies between groups; 0 without variance."""
    sizes = np.bincount(labels)
    means = np.bincount(labels, weights=values) / np.maximum(sizes, 1)
    total = float(((values - values.mean()) ** 2).sum())
    return float((sizes * (means - values.mean()) ** 2).sum()) / total if total else 0.0
