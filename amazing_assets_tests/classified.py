"""A small world in the lake through real Dagster, two segment models, and a next-action model."""

import shutil
from pathlib import Path

import polars as pl
import torch

from amazing_assets.defs.assets import customers, events
from amazing_assets.defs.assets.next_actions.sequences import action_sequences
from amazing_assets.defs.assets.next_actions.weeks import next_action_vectors
from amazing_assets.defs.assets.segments.months import segment_assignments
from amazing_assets.defs.resources.stores import ModelsResource
from amazing_assets.delivery.classification.champions import ChampionStores
from amazing_assets.models.versions import promote
from amazing_assets.next_actions import publication as next_actions
from amazing_assets.next_actions.baselines import fit_baselines
from amazing_assets.next_actions.exported import exported
from amazing_assets.next_actions.model import NextActionModel
from amazing_assets.next_actions.network import Network
from amazing_assets.next_actions.returns import learn_returns
from amazing_assets.next_actions.settings import NetworkSettings
from amazing_assets.next_actions.training import CURVE, provenance
from amazing_assets.next_actions.training import counting as counting_of
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.search.settings import SegmentSettings
from amazing_assets.segments.threshold.choice import UNTESTED
from amazing_assets.segments.training import publication as segments
from amazing_assets.segments.training.published import Published
from amazing_assets_tests.defs.homes import Home
from amazing_assets_tests.next_actions.worlds import of_personas
from amazing_assets_tests.segments.personas import personas, user_features

MONTHS = ("2019-10", "2019-11", "2019-12")
WEEK = "2019-12-10"
SUMMARIES = [
    events.landed_events,
    events.clean_events,
    customers.sessions,
    customers.user_products,
    customers.price_book,
    action_sequences,
]

# One candidate, measured once: what the groups are is not what is tested.
QUICK = SegmentSettings(
    ks=(7,),
    families=("gmm_tied",),
    splits=1,
    restarts=3,
    resamples=2,
    seeds=2,
    finalists=1,
    folds=2,
    min_users=50,
)


def next_action_model():
    """A network with weights of chance, which answers for everybody otherwise."""
    seen, _ = of_personas(30)
    baselines = fit_baselines(seen.found, seen.parts)
    counting = counting_of(baselines)
    torch.manual_seed(0)
    network = Network(NetworkSettings(hidden=16, context=True), counting.after).eval()
    torch.nn.init.normal_(network.head.weight)
    served = exported({key: each.numpy() for key, each in network.state_dict().items()})
    return NextActionModel(
        "lstm_context",
        served,
        counting,
        learn_returns(served, seen.found, seen.parts.train[:2_000]),
        1.3,
        alert=None,
        evaluation=pl.DataFrame(
            schema=dict.fromkeys(("model", "period", "population", "figure"), pl.String)
            | {"seed": pl.Int64, "value": pl.Float64}
        ),
        curve=pl.DataFrame(schema=CURVE),
        provenance=provenance(seen),
    )


def publish(stores):
    """Version 1 of the segments finds groups, version 2 is the grid; 1 of both is in use."""
    found = SegmentModel.fit(user_features(personas(1_500)[0]), QUICK)
    grid = SegmentModel.fit(user_features(personas(200)[0]))
    for model in (found, grid):
        segments.publish(Published(model, UNTESTED), stores.segments)
    version = next_actions.publish(next_action_model(), stores.next_actions, {})
    promote("1", stores.segments)
    promote(version, stores.next_actions)


def classified(folder: Path, world) -> Home:
    """A home of three months, with what was assigned at the end of the last by version 1."""
    home = Home(folder)
    home.resources["models"] = ModelsResource(
        tracking_uri=f"sqlite:///{folder}/mlflow.db", artifacts=str(folder / "artifacts")
    )
    publish(stores_of(folder))
    for file in world.files[: len(MONTHS)]:
        shutil.copy(file, home.landing)
    for month in MONTHS:
        assert home.materialize(month, SUMMARIES).success
    assert home.materialize(MONTHS[-1], [customers.user_features, segment_assignments]).success
    assert home.materialize(WEEK, [customers.customer_view, next_action_vectors]).success
    return home


def stores_of(folder):
    return ChampionStores.of(f"sqlite:///{folder}/mlflow.db", folder / "artifacts")
