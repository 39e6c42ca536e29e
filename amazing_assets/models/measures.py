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


def kappas(tables: Matrix) -> Matrix:
    """Return Cohen's kappa of each table of counts; NaN where chance alone agrees always."""
    totals = tables.sum(axis=(1, 2))
    observed = np.trace(tables, axis1=1, axis2=2) / totals
    chance = (tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1) / totals**2
    unknown = np.full(len(tables), np.nan)
    return np.asarray(np.divide(observed - chance, 1 - chance, out=unknown, where=chance < 1))
