"""Why a customer is likely to pause, leave or come back: what adds most to the probability.

A reason is a code, put into words by `language`: what it is about, and on which side of the usual
the customer stands. Features that tell of the same thing are added up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from amazing_assets.churn.risk.features import PURCHASE_FEATURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amazing_assets.models.arrays import Matrix

MOST = 3

HIGH, LOW = "high", "low"


class Topic(NamedTuple):
    """What a reason may be about.

    Attributes:
        code: As in `away_high`.
        features: Columns, or what they begin with; the first that a model reads tells the side.
    """

    code: str
    features: tuple[str, ...]


TOPICS = (
    Topic("away", ("recency_days",)),
    Topic("overdue", ("overdue_ratio",)),
    Topic("since_purchase", ("days_since_last_purchase",)),
    Topic("lately", ("events_wk_", "event_trend_28d", "trend_2m_5m")),
    Topic(
        "visits",
        ("frequency", "number_of_sessions", "days_active", "number_of_events", "n_events_history"),
    ),
    Topic("views", ("number_of_views", "count_products", "products_per_session")),
    Topic("gaps", ("gap_days_mean",)),
    Topic("regular", ("gap_log_cv",)),
    Topic("known_for", ("tenure_days",)),
    Topic(
        "purchases",
        (
            "number_of_purchases",
            "purchase_days",
            "has_purchased",
            "repurchase_share",
            *PURCHASE_FEATURES,
        ),
    ),
    Topic(
        "money", ("monetary", "total_purchase_value", "net_value", "avg_order_value", "avg_price")
    ),
    Topic("carts", ("number_of_carts", "number_of_removes", "cart_abandonments", "view_to_cart")),
    Topic("conversion", ("view_to_purchase", "cart_to_purchase")),
    Topic("returned", ("number_of_returns", "returned_value")),
    Topic("visit_length", ("session_minutes_mean", "events_per_session")),
    Topic("bounces", ("bounce_share",)),
    Topic("range", ("category_entropy", "n_categories", "brand_entropy", "n_brands")),
    Topic("price_level", ("price_position", "purchase_price_position")),
    Topic("discounts", ("discount_share",)),
    Topic("holidays", ("holiday_share", "holiday_lift")),
    Topic("weekends", ("weekend_share",)),
)

CODES = tuple(f"{topic.code}_{side}" for topic in TOPICS for side in (HIGH, LOW))

# Of less, as a part of the odds, nobody would speak: a twentieth.
_LEAST = 0.05


def reasons(
    features: Matrix, added: Matrix, columns: Sequence[str], usual: Mapping[str, float]
) -> list[list[str | None]]:
    """Return the first, second and third reason of each customer; null: there are no more.

    Args:
        features: A row a customer.
        added: What each feature adds to the logarithm of the odds.
        columns: The features.
        usual: Of each feature the median of the customers of the fit.
    """
    topics = [(topic, places) for topic in TOPICS if (places := _places(topic, columns))]
    if not topics or not len(features):
        return [[None] * len(features) for _ in range(MOST)]
    sums = np.stack([added[:, places].sum(axis=1) for _, places in topics], axis=1)
    sides = np.stack(
        [_is_high(features, columns, usual, places[0]) for _, places in topics], axis=1
    )
    names = np.array([[f"{topic.code}_{side}" for side in (LOW, HIGH)] for topic, _ in topics])
    order = np.argsort(-sums, axis=1, kind="stable")[:, :MOST]
    rows = np.arange(len(features))
    found: list[list[str | None]] = []
    for rank in range(MOST):
        if rank >= order.shape[1]:
            found.append([None] * len(features))
            continue
        topic = order[:, rank]
        code = names[topic, sides[rows, topic].astype(int)]
        tells = sums[rows, topic] >= _LEAST
        found.append([str(each) if tell else None for each, tell in zip(code, tells, strict=True)])
    return found


def _places(topic: Topic, columns: Sequence[str]) -> list[int]:
    """Return where the features of a topic stand, in the topic's order."""
    return [
        place
        for begins in topic.features
        for place, name in enumerate(columns)
        if name.startswith(begins)
    ]


def _is_high(
    features: Matrix, columns: Sequence[str], usual: Mapping[str, float], place: int
) -> Matrix:
    return np.asarray(features[:, place] > usual.get(columns[place], 0.0))
