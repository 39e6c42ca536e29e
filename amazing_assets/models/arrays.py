"""The arrays that models are made of."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

Labels = NDArray[np.int64]
