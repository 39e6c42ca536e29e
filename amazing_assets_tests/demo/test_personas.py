from datetime import date

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture
from sklearn.preprocessing import StandardScaler

from amazing_assets.demo.calendar import month_range
from amazing_assets.demo.chance import Purpose, generator
from amazing_assets.demo.personas import PERSONAS, SCALES, draw_personas, draw_traits
from amazing_assets.demo.world import WorldSettings, generate

from . import reader


def scaled_traits(difficulty, count=60_000):
    rng = generator(7, Purpose.CUSTOMERS)
    personas = draw_personas(rng, count)
    traits = draw_traits(rng, personas, difficulty)
    return personas, np.stack([SCALES[name][0](v) for name, v in traits.items() if name != "hour"])


@pytest.mark.parametrize("difficulty", ["easy", "real"])
def test_customers_of_all_personas_scatter_alike(difficulty):
    personas, traits = scaled_traits(difficulty)
    covariances = [np.cov(traits[:, personas == kind]) for kind in range(len(PERSONAS))]
    assert np.abs(np.array(covariances) - covariances[0]).max() < 0.12 * covariances[0].max()


@pytest.mark.parametrize(("difficulty", "least"), [("easy", 5.0), ("real", 0.0)])
def test_easy_personas_are_far_apart(difficulty, least):
    personas, traits = scaled_traits(difficulty)
    means = np.stack([traits[:, personas == kind].mean(1) for kind in range(len(PERSONAS))])
    deviation = traits[:, personas == 0].std(1)
    apart = np.linalg.norm((means[:, None] - means) / deviation, axis=2)
    assert apart[~np.eye(len(PERSONAS), dtype=bool)].min() > least


def features(events):
    angle = 2 * np.pi * (pl.col("event_time").dt.hour() + 0.5) / 24
    carts = (pl.col("event_type") == "cart").sum()
    per_customer = events.with_columns(
        place=(pl.col("price").rank() / pl.len()).over("category_id"),
        alike=pl.len().over("user_id", "category_id") / pl.len().over("user_id"),
    ).group_by("user_id", maintain_order=True)
    return per_customer.agg(
        events=pl.len(),
        sessions=pl.col("user_session").n_unique().log1p(),
        depth=(pl.len() / pl.col("user_session").n_unique()).log1p(),
        price_position=pl.col("place").mean(),
        concentration=pl.col("alike").mean(),
        hour_sin=angle.sin().mean(),
        hour_cos=angle.cos().mean(),
        view_to_cart=((carts + 1) / (pl.len() + 20)).log(),
        tenure=(events["event_time"].max() - pl.col("event_time").min()).dt.total_days().log1p(),
        recency=(events["event_time"].max() - pl.col("event_time").max()).dt.total_days().log1p(),
    )


@pytest.mark.slow
def test_easy_personas_are_found_in_two_months_of_behaviour(tmp_path):
    months = month_range(date(2019, 10, 1), date(2019, 11, 1))
    truth = generate(tmp_path, WorldSettings(customers=3_000, months=months, difficulty="easy"))
    customers = pl.read_parquet(truth.customers).filter(~pl.col("is_bot"))
    active = features(reader.frame(truth.files).unique(maintain_order=True)).filter(
        pl.col("events") >= 20
    )
    known = active.join(customers, on="user_id", maintain_order="left")
    columns = [name for name in active.columns if name not in ("user_id", "events")]
    values = StandardScaler().fit_transform(known.select(columns).to_numpy())
    mixture = GaussianMixture(7, covariance_type="tied", n_init=5, random_state=0)
    assert adjusted_rand_score(known["persona"], mixture.fit_predict(values)) > 0.93
