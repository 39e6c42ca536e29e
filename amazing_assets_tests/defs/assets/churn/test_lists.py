"""Contact lists through Dagster, of scores and values that lie in the warehouse."""

from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from amazing_assets.defs.assets.churn.lists import contact_lists
from amazing_assets.defs.partitions import WEEKS
from amazing_assets.defs.resources.stores import ListsResource
from amazing_assets_tests.defs.homes import Home
from amazing_assets_tests.delivery.lists.scored import WEEK_OF, scores, values

WEEK = WEEK_OF.isoformat()


def in_warehouse(name, frame):
    @dg.asset(
        name=name,
        partitions_def=WEEKS,
        io_manager_key="warehouse",
        metadata={"partition_expr": "week"},
    )
    def made():
        return frame

    return made


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path / "home")
    made.resources["lists"] = ListsResource(place=str(tmp_path / "lists"), budget=2)
    return made


def test_each_task_has_its_list_with_reasons_and_mark(home, tmp_path):
    asked = scores(
        *({"user_id": n, "probability": n / 10, "is_holdout": n == 9} for n in range(1, 10)),
        {"user_id": 1, "task": "cancel"},
    )
    tables = [
        in_warehouse("churn_scores", asked),
        in_warehouse("customer_value", values(*({"user_id": n} for n in range(1, 10)))),
    ]
    run = home.materialize(WEEK, [*tables, contact_lists])
    assert run.success
    folder = tmp_path / "lists" / "2019-10-22"
    assert sorted(file.name for file in folder.iterdir()) == [
        "cancel.csv",
        "cancel.parquet",
        "pause.csv",
        "pause.parquet",
    ]
    listed = pl.read_csv(folder / "pause.csv")
    assert listed.select("user_id", "is_holdout").rows() == [(9, True), (8, False), (7, False)]
    assert {name: listed[name].null_count() for name in ("why_en", "why_fr")} == {
        "why_en": 0,
        "why_fr": 0,
    }
    (event,) = run.asset_materializations_for_node("contact_lists")
    assert event.metadata["pause: to contact"].value == 2
    assert event.metadata["pause: value at risk"].value == pytest.approx(15)
    assert Path(event.metadata["pause: files"].value.split(", ")[0]).exists()


def test_a_week_without_scores_has_no_lists(home, tmp_path):
    assert home.materialize(WEEK, [contact_lists]).success
    assert not (tmp_path / "lists").exists()
