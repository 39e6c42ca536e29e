"""Of which months the report is written: the newest, those that have one, those asked for."""

import shutil
from tempfile import TemporaryDirectory

import dagster as dg
import pytest

from amazing_assets.defs.assets.segments.months import segment_migrations, segment_report
from amazing_assets.defs.resources.stores import ReportsResource, WarehouseResource
from amazing_assets.defs.resources.warehouse import WarehouseIOManager
from amazing_assets.defs.triggers.asked import CHOSEN
from amazing_assets.defs.triggers.automation import FROM_AUTOMATION

pytestmark = pytest.mark.slow

OCT, NOV = "2019-10", "2019-11"
ALONE, WITH_OTHERS = [segment_report], [segment_migrations, segment_report]


@pytest.fixture
def resources(home_with_segments, tmp_path):
    """Those of a home with October and November, and no report yet."""
    file = str(shutil.copy(home_with_segments.warehouse, tmp_path))
    return {
        **home_with_segments.resources,
        "warehouse_file": WarehouseResource(database=file),
        "warehouse": WarehouseIOManager(database=file, schema="amazing"),
        "reports": ReportsResource(folder=str(tmp_path / "reports")),
    }


def report_of(month, assets, resources, **tags):
    """What the page of the report shows after a run."""
    with TemporaryDirectory() as folder, dg.DagsterInstance.ephemeral(tempdir=folder) as instance:
        run = dg.materialize(
            assets, partition_key=month, resources=resources, instance=instance, tags=tags
        )
        (made,) = run.asset_materializations_for_node("segment_report")
    return {name: value.value for name, value in made.metadata.items()}


def test_of_months_made_together_the_newest_gets_a_report_and_says_how_others_do(
    resources, tmp_path
):
    assert report_of(OCT, WITH_OTHERS, resources) == {
        "left": "Not written, for 2019-11 is newer; `amazing report --month 2019-10` writes it, "
        "and so does this asset, chosen alone."
    }
    assert not (tmp_path / "reports").exists()
    assert report_of(NOV, WITH_OTHERS, resources)["segments pages en"] > 5
    assert [folder.name for folder in (tmp_path / "reports").iterdir()] == [NOV]


def test_a_report_that_is_asked_for_is_written_and_kept_up_to_date_from_then_on(
    resources, tmp_path
):
    assert report_of(OCT, ALONE, resources)["segments pages fr"] > 5
    (tmp_path / "reports" / OCT / f"segments-{OCT}-fr.pdf").write_text("of another day")
    assert report_of(OCT, WITH_OTHERS, resources)["segments pages fr"] > 5
    assert (tmp_path / "reports" / OCT / f"segments-{OCT}-fr.pdf").read_bytes()[:4] == b"%PDF"


def test_the_last_part_of_a_larger_choice_asks_for_no_report_of_an_earlier_month(resources):
    chosen = {CHOSEN: "churn_scores,segment_report"}
    assert set(report_of(OCT, ALONE, resources, **chosen)) == {"left"}
    assert "segments pages en" in report_of(OCT, ALONE, resources, **{CHOSEN: "segment_report"})


def test_automation_alone_asks_for_no_report_of_an_earlier_month(resources):
    assert set(report_of(OCT, ALONE, resources, **{FROM_AUTOMATION: "true"})) == {"left"}
