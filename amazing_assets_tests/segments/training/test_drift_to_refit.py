"""The way of an alarm: customers change, the month asks for a refit, a new champion fits them."""

from dataclasses import replace

import dagster as dg
import pandera.polars as pa
import polars as pl
import pytest

from amazing_assets.customers.contract import UserFeatures
from amazing_assets.dates import first_day
from amazing_assets.defs.assets.segments.evidence import NO_DRIFT, segment_drift
from amazing_assets.defs.resources.stores import LakeResource, ModelsResource
from amazing_assets.defs.resources.warehouse import WarehouseIOManager
from amazing_assets.defs.triggers.drift import segments_drift
from amazing_assets.lake.contract import schema_of
from amazing_assets.models.versions import approve
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.registered import SEGMENT_MODEL
from amazing_assets.segments.threshold.choice import UNTESTED
from amazing_assets.segments.training.material import Material
from amazing_assets.segments.training.publication import champion, highest_number, release
from amazing_assets.segments.training.published import Published
from amazing_assets.segments.training.refit import compared
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets.warehouse.warehouse import read_month
from amazing_assets_tests.segments.personas import personas, user_features

JAN, FEB = "2020-01", "2020-02"


class Planted(pa.DataFrameModel):
    """Features that a segment model reads; who wrote them does not matter here."""

    user_id: int


@pytest.fixture(scope="module")
def months():
    """Customers as they were, and a month later: more visits, and more actions in each."""
    traits, _ = personas(2_000)
    moved = traits.copy()
    moved[:, 0] += 2
    moved[:, 1] += 2
    return {JAN: user_features(traits), FEB: user_features(moved)}


class House:
    """A lake, a warehouse, models and Dagster's memory in one folder."""

    def __init__(self, lake, folder, instance):
        self.lake, self.instance = lake, instance
        models = ModelsResource(
            tracking_uri=f"sqlite:///{folder / 'mlflow.db'}", artifacts=str(folder / "artifacts")
        )
        self.store, self.warehouse = models.of(SEGMENT_MODEL), folder / "warehouse.duckdb"
        self.resources = {
            "lake": LakeResource(root=str(lake.root), shards=lake.shards),
            "models": models,
            "warehouse": WarehouseIOManager(database=str(self.warehouse), schema="amazing"),
        }

    def write(self, month, features):
        """Plant features; the columns that no segment model reads are unknown."""
        unread = {n: t for n, t in schema_of(UserFeatures).items() if n not in features.columns}
        features = features.with_columns(pl.lit(None, t).alias(n) for n, t in unread.items())
        known = {name: pa.Field(nullable=True) for name in features.columns if name != "user_id"}
        contract = type("Planted", (Planted,), {"__annotations__": dict(features.schema), **known})
        # Nobody reads the events; without them the month counts as one that has not landed.
        for table in ("clean_events", "user_features"):
            with self.lake.draft(table, month, contract) as draft:
                draft.add(features, "planted")
                draft.complete()
                draft.publish()
        made = dg.AssetMaterialization("user_features", partition=month)
        self.instance.report_runless_asset_event(made)

    def train(self, features, quick):
        """Fit as a training does, but one candidate only, and publish what it decides."""
        fresh = Published(SegmentModel.fit(features, replace(quick, restarts=3)), UNTESTED)
        before, highest = champion(self.store), highest_number(self.store)
        refit = compared(fresh, before, Material(features), highest)
        return release(refit, self.store).version, refit.decision.outcome

    def watch(self, month):
        """Compare a month with the champion; return the verdict of the check and the levels."""
        run = dg.materialize(
            [segment_drift], partition_key=month, resources=self.resources, instance=self.instance
        )
        (check,) = (
            check for check in run.get_asset_check_evaluations() if check.check_name == NO_DRIFT
        )
        return check, read_month(DuckDBWarehouse(self.warehouse), "segment_drift", first_day(month))

    def requested(self):
        """Return the run keys of the trainings that the sensor asks for."""
        result = segments_drift(dg.build_sensor_context(instance=self.instance))
        return [request.run_key for request in getattr(result, "run_requests", [])]


@pytest.fixture
def house(lake, tmp_path):
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        yield House(lake, tmp_path, instance)


@pytest.mark.slow
def test_customers_who_changed_ask_for_a_refit_and_get_a_model_of_their_own(house, months, quick):
    house.write(JAN, months[JAN])
    assert house.train(months[JAN], quick) == ("1", "promoted")
    check, drift = house.watch(JAN)
    assert check.passed
    assert set(drift["level"].drop_nulls()) == {"ok"}
    assert house.requested() == []

    house.write(FEB, months[FEB])
    check, drift = house.watch(FEB)
    assert not check.passed
    assert check.metadata["level"].text == "refit"
    moved = drift.filter(pl.col("level") == "refit")["item"].to_list()
    assert {"frequency", "events_per_session_7m"} <= set(moved)
    assert house.requested() == ["drift:1"]

    # Most would change their segment: a person decides, and is asked once.
    assert house.train(months[FEB], quick) == ("2", "major")
    assert house.requested() == ["drift:1"]
    approve("2", "Ada Lovelace", house.store)
    check, drift = house.watch(FEB)
    assert check.passed
    assert drift["model_version"].unique().to_list() == ["2"]
    assert house.requested() == []
