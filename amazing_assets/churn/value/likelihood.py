"""The parameters under which what was seen is most likely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from amazing_assets.errors import PlainError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from amazing_assets.models.arrays import Matrix

# Of the logarithm of a parameter: beyond, the likelihood is flat, as where nobody ever leaves.
_SHAPE, _SCALE = (-9.0, 5.0), (-9.0, 9.0)

# Below it neither how often customers return nor how they differ can be told apart from chance.
FEWEST_CUSTOMERS = 50


class TooFewPurchasesError(PlainError):
    """Too few customers bought, or bought again, for a model of their purchases."""


def require_customers(count: int, what: str) -> None:
    """Refuse to fit a model to a handful of customers.

    Raises:
        TooFewPurchasesError: Names how many there are and how many it takes.
    """
    if count < FEWEST_CUSTOMERS:
        raise TooFewPurchasesError(
            f"{count} customers {what}, of which a model of purchases takes {FEWEST_CUSTOMERS}; "
            "wait for more months, or let more of them land."
        )


def most_likely(
    log_likelihood: Callable[[Matrix], float],
    starts: Sequence[Sequence[float]],
    scale: int,
) -> Matrix:
    """Return the positive parameters of greatest likelihood.

    Args:
        log_likelihood: Mean over the customers, of the parameters.
        starts: Where to begin; the best of what is found from each is taken.
        scale: Which parameter is a scale; the others are shapes, and one above a hundred already
            says that customers do not differ.
    """
    from scipy.optimize import minimize  # noqa: PLC0415  a quarter of a second

    def cost(logarithms: Matrix) -> float:
        return -log_likelihood(np.exp(logarithms))

    bounds = [_SCALE if n == scale else _SHAPE for n in range(len(starts[0]))]
    options = {"ftol": 1e-14, "gtol": 1e-9, "maxiter": 1_000, "maxfun": 20_000}
    found = [
        minimize(cost, np.log(start), method="L-BFGS-B", bounds=bounds, options=options)
        for start in starts
    ]
    best: Matrix = np.exp(min(found, key=lambda each: float(each.fun)).x)
    return best
