"""The arrays that models are made of."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

Labels = NDArray[np.int64]


def squared_lengths(rows: Matrix) -> Matrix:
    """Return the squared length of each row; multiplied and summed in one pass."""
    return np.asarray(np.einsum("ij,ij->i", rows, rows))
