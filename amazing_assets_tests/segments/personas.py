"""Customers whose segment is known: planted personas written out as `user_features`."""

from datetime import date

import numpy as np
import polars as pl

from amazing_assets.customers.columns import FEATURE_VERSION

SHARES = np.array([0.30, 0.22, 0.16, 0.12, 0.10, 0.065, 0.035])
TRAITS = 14
AS_OF = date(2020, 3, 1)


def personas(n=8_000, *, separation=1.5, seed=2, sample=0):
    """Seven overlapping Gaussian clouds of one shape: latent traits and the persona of each.

    `seed` decides what the personas are, `sample` which customers are drawn from them.
    """
    rng = np.random.default_rng(seed)
    centres = separation * rng.normal(size=(SHARES.size, TRAITS))
    mixing = 0.35
    shape = np.eye(TRAITS) + mixing * rng.normal(size=(TRAITS, TRAITS))
    rng = np.random.default_rng([seed, sample])
    truth = rng.choice(SHARES.size, n, p=SHARES)
    noise = rng.normal(size=(n, TRAITS)) @ shape.T / np.sqrt(1 + TRAITS * mixing**2)
    return centres[truth] + noise, truth


def ball(n, *, seed=0):
    """One round Gaussian."""
    return np.random.default_rng(seed).normal(size=(n, TRAITS))


def spindle(n, *, length, seed=0):
    """One Gaussian stretched along one direction."""
    rng = np.random.default_rng(seed)
    direction = rng.normal(size=TRAITS)
    return rng.normal(size=(n, TRAITS)) + length * np.outer(rng.normal(size=n), direction)


def user_features(traits, *, seed=0, **columns):
    """The features of customers with these latent traits; columns given replace those made."""
    rng = np.random.default_rng(seed)
    n = len(traits)
    # The clouds reach about 10 units; smaller steps keep rates and shares inside their range.
    z = traits / 4
    views = np.round(np.exp(6.5 + 0.3 * rng.normal(size=n)))
    carts = np.round(views * sigmoid(-1 + z[:, 2]))
    purchases = np.round(carts * sigmoid(z[:, 3]))
    removes = np.round(carts * sigmoid(-0.5 + z[:, 4]))
    recency = np.minimum(np.round(np.exp(3 + 0.6 * z[:, 9])), 180)
    made = {
        "user_id": np.arange(1, n + 1),
        "as_of": pl.repeat(AS_OF, n, dtype=pl.Date, eager=True),
        "feature_version": [FEATURE_VERSION] * n,
        "n_events_history": (views + carts + purchases).astype(np.int64),
        "is_bot_suspect": np.zeros(n, dtype=bool),
        "recency_days": recency.astype(np.int32),
        "tenure_days": (recency + np.round(np.exp(5 + 0.5 * z[:, 10]))).astype(np.int32),
        "frequency": np.exp(1.5 + 0.6 * z[:, 0]),
        "events_per_session_7m": np.exp(1.5 + 0.4 * z[:, 1]),
        "number_of_views_7m": views.astype(np.int64),
        "number_of_carts_7m": carts.astype(np.int64),
        "number_of_removes_7m": removes.astype(np.int64),
        "number_of_purchases_7m": purchases.astype(np.int64),
        "price_position_7m": 0.5 + 0.08 * z[:, 5],
        "category_entropy_7m": 1.5 + 0.3 * z[:, 6],
        "hour_sin_7m": 0.15 * z[:, 7],
        "hour_cos_7m": 0.15 * z[:, 8],
        "monetary_7m": purchases * np.exp(3 + z[:, 5]),
        "discount_share_7m": sigmoid(-1 + z[:, 11]),
        "gap_log_cv_7m": 1 - 0.2 * z[:, 12],
        "brand_entropy_7m": 1.5 + 0.3 * z[:, 13],
        "top_brand_share_7m": sigmoid(z[:, 6]),
    }
    return pl.DataFrame(made).with_columns(**columns)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))
