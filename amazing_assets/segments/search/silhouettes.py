"""How far groups lie apart: silhouettes of many labellings over one pass of the distances."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from amazing_assets.models.arrays import Labels, Matrix

# Half the memory, half the time; a distance needs no more.
Single = NDArray[np.float32]

# Customers whose distances to all others are held at a time: 40 MB for 20 000 others.
CHUNK = 500


def silhouettes(matrix: Matrix, labellings: Sequence[Labels], chunk: int = CHUNK) -> list[Matrix]:
    """Return the silhouette of every row under every labelling, in the order given.

    A labelling of one group has silhouette 0 everywhere, and so has a group of one (Rousseeuw
    1987). Distances are computed once for all labellings and never held together: 20 000 rows
    would need 3.2 GB.
    """
    ks = [int(labels.max()) + 1 for labels in labellings]
    members = np.hstack(
        [np.eye(k, dtype=np.float32)[each] for k, each in zip(ks, labellings, strict=True)]
    )
    ends = np.cumsum(ks)
    rows = matrix.astype(np.float32)
    parts: list[list[Matrix]] = [[] for _ in labellings]
    for first in range(0, len(rows), chunk):
        sums = distances(rows[first : first + chunk], rows) @ members
        for part, labels, end, k in zip(parts, labellings, ends, ks, strict=True):
            sizes = np.bincount(labels, minlength=k)
            part.append(of_rows(sums[:, end - k : end], labels[first : first + chunk], sizes))
    return [np.concatenate(part) for part in parts]


def distances(some: Single, all_rows: Single) -> Single:
    """Return the Euclidean distances of some rows to all."""
    squares = (some**2).sum(axis=1)[:, None] + (all_rows**2).sum(axis=1) - 2 * some @ all_rows.T
    return np.asarray(np.sqrt(np.maximum(squares, 0)))


def of_rows(sums: Single, labels: Labels, sizes: Labels) -> Matrix:
    """Return the silhouettes of rows from the sums of their distances to each group."""
    own = np.arange(len(labels)), labels
    inside = sums[own] / np.maximum(sizes[labels] - 1, 1)
    outside = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    outside[own] = np.inf
    nearest = outside.min(axis=1)
    known = np.isfinite(nearest) & (sizes[labels] > 1)
    inside, nearest = np.where(known, inside, 0.0), np.where(known, nearest, 0.0)
    spread = np.maximum(np.maximum(inside, nearest), np.finfo(np.float32).tiny)
    return np.asarray((nearest - inside) / spread, dtype=np.float64)
