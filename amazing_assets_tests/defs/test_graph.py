"""The graph as a product: whoever opens it finds out what everything is."""

import re
from importlib import import_module
from pathlib import Path

import dagster as dg
import pandera.polars as pa
import pytest

import amazing_assets
from amazing_assets.definitions import defs
from amazing_assets.defs import assets
from amazing_assets.defs.partitions import WEEKS
from amazing_assets.defs.resources.stores import resources
from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE, WEEKLY_TABLES
from amazing_assets.defs.tables.declare import WRITER
from amazing_assets.defs.tables.metadata import COLUMNS, WIDE
from amazing_assets.lake.contract import Table, schema_of

LOADED = defs()
GRAPH = LOADED.resolve_asset_graph()
ASSETS = {key.to_user_string(): GRAPH.get(key) for key in GRAPH.get_all_asset_keys()}
TABLES = {
    name: asset
    for name, asset in ASSETS.items()
    if asset.is_materializable
    and name
    not in {
        "segment_model",
        "segment_report",
        "next_action_model",
        "churn_models",
        "contact_lists",
        "erasures",
    }
}
CHECKS = {
    f"{check.asset_key.to_user_string()}.{check.name}": check
    for asset in LOADED.assets
    for check in getattr(asset, "check_specs", ())
}
# The same word: the group, the file in `defs/assets`, the folder of the logic.
GROUPS = {file.stem for file in Path(assets.__file__).parent.glob("[a-z]*")}


def contracts_of(group):
    """The contracts in the folder of a group, and in the rooms below it, by table."""
    folder = Path(amazing_assets.__file__).parent / group
    for file in folder.rglob("contract.py"):
        path = file.relative_to(folder.parent).with_suffix("").parts
        module = import_module(".".join(("amazing_assets", *path)))
        for name, kind in vars(module).items():
            if isinstance(kind, type) and issubclass(kind, pa.DataFrameModel) and kind is not Table:
                yield re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(), kind


CONTRACTS = {
    (group, table): contract for group in GROUPS for table, contract in contracts_of(group)
}
STARTED = [*LOADED.jobs, *LOADED.schedules, *LOADED.sensors]

# How a thing is made is no concern of a marketer.
WORKSHOP = re.compile(
    r"parquet|polars|duckdb|mlflow|shard|partition|dagster|sqlite|json|null", re.IGNORECASE
)


def assert_readable(description):
    assert description
    assert len(description) >= 30, description
    assert description.rstrip().endswith("."), description
    assert not WORKSHOP.search(description), description


def everything_in(definitions):
    repository = definitions.get_repository_def()
    graph = repository.asset_graph
    return {
        *graph.get_all_asset_keys(),
        *graph.asset_check_keys,
        *repository.job_names,
        *(schedule.name for schedule in repository.schedule_defs),
        *(sensor.name for sensor in repository.sensor_defs),
    }


def test_nothing_that_lies_in_the_folder_is_forgotten():
    found = dg.load_from_defs_folder(path_within_project=Path(amazing_assets.__file__).parent)
    provided = dg.Definitions.merge(found, resources())
    assert everything_in(provided) == everything_in(LOADED)


@pytest.mark.parametrize("name", sorted(ASSETS))
def test_an_asset_says_what_it_is_where_it_belongs_and_whose_it_is(name):
    asset = ASSETS[name]
    assert_readable(asset.description)
    assert asset.group_name in GROUPS
    assert asset.owners
    assert asset.kinds


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_says_what_it_promises(name):
    check = CHECKS[name]
    assert len(check.description) >= 30
    assert check.description.endswith(".")
    # Without its own months, a bad one would pass after a good one.
    assert check.partitions_def == ASSETS[check.asset_key.to_user_string()].partitions_def


@pytest.mark.parametrize("started", STARTED, ids=lambda started: started.name)
def test_what_starts_runs_says_when_and_why(started):
    assert len(started.description) >= 30
    assert started.description.endswith(".")


@pytest.mark.parametrize("name", sorted(TABLES))
def test_the_columns_shown_are_those_of_the_contract(name):
    asset = TABLES[name]
    contract = CONTRACTS[asset.group_name, name]
    # Of a wide table the figures come first.
    shown = asset.metadata[WIDE if len(schema_of(contract)) > 60 else COLUMNS].columns
    assert [column.name for column in shown] == schema_of(contract).names()
    assert all(column.description and column.type for column in shown)


def test_what_is_read_of_a_home_is_held_against_the_contract_of_every_table():
    known = {**LAKE, **WAREHOUSE}
    assert known == {name: CONTRACTS[asset.group_name, name] for name, asset in TABLES.items()}


def test_the_weekly_tables_of_the_lake_are_those_that_are_made_every_week():
    assert {name for name in LAKE if ASSETS[name].partitions_def == WEEKS} == WEEKLY_TABLES


def test_every_asset_that_is_made_can_be_late_but_what_is_made_when_somebody_asks():
    assert [
        name for name, a in ASSETS.items() if a.is_materializable and not a.freshness_policy
    ] == ["erasures"]


def test_every_table_has_a_check_that_blocks_and_monitors_never_do():
    blocking = {name for name, check in CHECKS.items() if check.blocking}
    assert blocking >= {f"{name}.keeps_contract" for name in TABLES}
    assert "event_statistics.volume_is_usual" in CHECKS.keys() - blocking


def test_only_writers_of_the_warehouse_take_its_slot_and_none_that_computes_for_minutes():
    made = {name: asset.assets_def for name, asset in ASSETS.items() if asset.is_materializable}
    tables = {name for name, asset in TABLES.items() if "duckdb" in asset.kinds}
    writers = tables - {"event_threshold"}
    assert {name for name, asset in made.items() if asset.op.pool == WRITER} == writers
    assert writers >= {"event_statistics", "segment_assignments", "segment_rules"}
