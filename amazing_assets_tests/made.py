"""Small shops of which everything is made through Dagster, as `amazing run` does."""

from dataclasses import dataclass

import dagster as dg

from amazing_assets.commands.outcome import remarks, segments_outcome
from amazing_assets.defs.assets.segments import evidence, model, months
from amazing_assets.defs.resources.stores import ModelsResource, ReportsResource
from amazing_assets.models.versions import versions
from amazing_assets.segments.registered import FACTS, SEGMENT_MODEL
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets_tests.defs.homes import Home, materialize

MODEL = [evidence.event_threshold, model.segment_model]
ABOUT_THE_MODEL = [evidence.segment_explanation, evidence.segment_search]
ABOUT_THE_MONTH = [
    months.segment_assignments,
    months.segment_profiles,
    months.segment_migrations,
    evidence.segment_drift,
    months.segment_report,
]


@dataclass(frozen=True)
class Run:
    """A shop's home after everything was made, and what the runs were."""

    home: Home
    models: ModelsResource
    runs: list[dg.ExecuteInProcessResult]

    @property
    def warehouse(self):
        return DuckDBWarehouse(self.home.warehouse)

    def metadata(self, asset):
        """What the page of an asset shows."""
        (last,) = [
            event
            for run in self.runs
            for event in run.all_events
            if event.is_step_materialization and event.asset_key.to_user_string() == asset
        ][-1:]
        return {
            name: value.value
            for name, value in last.step_materialization_data.materialization.metadata.items()
        }

    def told(self, month):
        """The segments as the terminal shows them, and what it remarks on them."""
        rows = segments_outcome(self.warehouse, [month])
        return rows, remarks(rows)

    @property
    def model_row(self):
        """What `amazing models` tells of the only version."""
        (version,) = versions(self.models.of(SEGMENT_MODEL), FACTS)
        return version.row


def made(folder, shop, *of_months):
    """Deliver a shop's months and make everything as `amazing run` does."""
    home = Home(folder)
    home.resources["reports"] = ReportsResource(folder=str(folder / "reports"))
    models = ModelsResource(
        tracking_uri=f"sqlite:///{folder / 'mlflow.db'}", artifacts=str(folder / "artifacts")
    )
    home.resources["models"] = models
    shop.deliver(home.landing, *of_months)
    runs = [home.materialize(month) for month in of_months]
    runs += [materialize([*MODEL, *ABOUT_THE_MODEL], None, home.resources)]
    runs += [home.materialize(month, ABOUT_THE_MONTH) for month in of_months]
    assert [run.success for run in runs] == [True] * len(runs)
    return Run(home, models, runs)
