"""`amazing warehouse check` on the warehouse that the environment names."""

import json
import shutil

import pytest

from amazing_assets.commands.warehouse import warehouse
from amazing_assets.defs.tables.contracts import WAREHOUSE
from amazing_assets.places import Server
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets.warehouse.server import ServerWarehouse
from amazing_assets.warehouse.warehouse import WarehouseError
from amazing_assets_tests.commands import amazing
from amazing_assets_tests.warehouse.equal import assert_same_table


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("AMAZING_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_file_of_a_new_home_is_tried(home, capsys):
    warehouse("check")
    assert capsys.readouterr().out.splitlines() == [
        "write: 6 rows of 2019-10 written, read as written",
        "another month: 6 rows of 2019-11 written beside it, read as written",
        "replace: 2 rows of 2019-10 replaced, read as written",
        "repeat: 2 rows of 2019-10 as they were, read as written",
        "remove: the table is gone",
        f"The warehouse {home}/warehouse.duckdb does what it should.",
    ]


def test_a_server_is_tried_and_a_program_is_told(home, database, monkeypatch, capsys):
    monkeypatch.setenv("AMAZING_WAREHOUSE", database.address)
    warehouse("check", json=True)
    seen = json.loads(capsys.readouterr().out)["Warehouse"]
    assert [step["step"] for step in seen][-1] == "remove"


def test_a_server_that_refuses_us_is_one_sentence_without_the_password(home, database, monkeypatch):
    unknown = database.address.replace("lab@", "lab:pass-word@") + "-unknown"
    monkeypatch.setenv("AMAZING_WAREHOUSE", unknown)
    with pytest.raises(WarehouseError, match=r"refuses us: .*correct AMAZING_WAREHOUSE") as refused:
        warehouse("check")
    assert "pass-word" not in str(refused.value)


MONTHS = ("--months", "2019-10:2020-01")


@pytest.mark.evaluate
def test_all_tables_that_are_made_on_a_server_are_those_made_in_the_file(home, database, tmp_path):
    """Of two copies of a home, so that both begin with the same models."""
    landing = home / "landing"
    made = amazing(home, "generate", "--to", landing, "--customers", 400, *MONTHS)
    assert made.returncode == 0, made.stderr
    assert (ran := amazing(home, "run", *MONTHS)).returncode == 0, ran.stderr
    other = shutil.copytree(home, tmp_path / "other", symlinks=True)
    again = ("run", *MONTHS, "--select")
    assert (ran := amazing(home, *again, "kind:duckdb")).returncode == 0, ran.stderr
    ran = amazing(other, *again, "kind:postgresql", AMAZING_WAREHOUSE=database.address)
    assert ran.returncode == 0, ran.stderr
    file = DuckDBWarehouse(home / "warehouse.duckdb")
    server = ServerWarehouse(Server(database.address), None)
    made_there = [name for name in WAREHOUSE if file.read_table(name) is not None]
    assert len(made_there) >= 12
    assert set(made_there) <= server.tables()
    for name in made_there:
        assert_same_table(name, file, server)
