"""Tables written through Dagster to a real PostgreSQL."""

from dataclasses import asdict
from datetime import date

import dagster as dg
import polars as pl
import pytest

from amazing_assets.dates import first_day
from amazing_assets.defs.assets.events import event_statistics
from amazing_assets.defs.assets.segments import months
from amazing_assets.defs.partitions import MONTHS
from amazing_assets.defs.resources.readable import CopiedFrom
from amazing_assets.defs.resources.servers import ServerIOManager, server_writer
from amazing_assets.defs.resources.stores import (
    LakeResource,
    open_warehouse,
    resources,
    written_tables,
)
from amazing_assets.places import Server
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets.warehouse.server import ServerWarehouse
from amazing_assets.warehouse.warehouse import Replacement, read_month
from amazing_assets_tests.defs.homes import failure, materialize, on_server
from amazing_assets_tests.segmented import MONTHS as MONTHS_OF_SEGMENTS
from amazing_assets_tests.warehouse.equal import assert_same_table

OCTOBER = date(2019, 10, 1)


@dg.asset(partitions_def=MONTHS, io_manager_key="warehouse", metadata={"partition_expr": "month"})
def figures() -> pl.DataFrame:
    return pl.DataFrame({"month": [OCTOBER], "number": [7]})


@pytest.fixture
def server(database):
    return Server(database.address)


def test_a_month_is_written_and_its_page_says_where(server):
    run = materialize([figures], "2019-10", {"warehouse": ServerIOManager(server=asdict(server))})
    assert run.success
    (event,) = run.asset_materializations_for_node("figures")
    assert event.metadata["dagster/row_count"].value == 1
    assert event.metadata["dagster/table_name"].value == "amazing.figures"
    assert ServerWarehouse(server, None).read_table("figures").rows() == [(OCTOBER, 7)]
    assert written_tables(server) == {"figures", "publications"}


def test_what_the_server_refuses_fails_the_run_with_one_sentence(server):
    unknown = Server(f"{server.address}-unknown")
    run = materialize([figures], "2019-10", {"warehouse": ServerIOManager(server=asdict(unknown))})
    assert failure(run).startswith(f"The warehouse {unknown} refuses us: ")


def test_the_setting_alone_chooses_the_place_and_no_page_shows_the_password(
    database, tmp_path, monkeypatch
):
    monkeypatch.setenv("AMAZING_HOME", str(tmp_path))
    monkeypatch.setenv("AMAZING_WAREHOUSE", database.address.replace("lab@", "lab:pass-word@"))
    chosen = resources().resources
    assert isinstance(chosen["warehouse"], ServerIOManager)
    assert chosen["warehouse_file"].server == asdict(Server(database.address))
    assert chosen["lake"].copied.server == asdict(Server(database.address))
    assert "pass-word" not in str({name: vars(each) for name, each in chosen.items()})


def test_a_server_of_which_nothing_was_written_holds_nothing(server):
    assert open_warehouse(server).latest("segment_profiles") is None
    assert written_tables(server) == frozenset()


def showing(home, server, views_on):
    """The resources of a home with its warehouse on a server, and what shows it as a run ends."""
    place, lake = asdict(views_on), str(home.lake.root)
    copied = CopiedFrom(warehouse="", lake=lake, models="", server=place)
    return on_server(home, server) | {"lake": LakeResource(root=lake, copied=copied)}


def test_views_are_made_as_a_run_ends(october, server):
    home, _ = october
    resources = showing(home, server, server)
    assert materialize([event_statistics], "2019-10", resources).success
    assert "segment_names" in written_tables(server)


def test_a_run_whose_views_cannot_be_made_succeeds_and_says_so(october, server, capfd):
    home, _ = october
    resources = showing(home, server, Server(f"{server.address}-unknown"))
    assert materialize([event_statistics], "2019-10", resources).success
    assert "The views of the warehouse stay as they were." in capfd.readouterr().err


TABLES = ("event_statistics", "segment_profiles", "segment_migrations", "segment_assignments")


def test_months_made_on_a_server_are_those_made_in_the_file(home_with_segments, server):
    file = DuckDBWarehouse(home_with_segments.warehouse)
    resources = on_server(home_with_segments, server)
    for month in MONTHS_OF_SEGMENTS:
        told = read_month(file, "segment_assignments", first_day(month))
        server_writer(server).write(Replacement("segment_assignments", told, "told", month))
        assets = [event_statistics, months.segment_profiles, months.segment_migrations]
        assert materialize(assets, month, resources).success
    for table in TABLES:
        assert_same_table(table, file, open_warehouse(server))
