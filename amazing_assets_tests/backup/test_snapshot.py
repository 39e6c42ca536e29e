import subprocess
import sys

import pytest

from amazing_assets.backup.contents import entries
from amazing_assets.backup.snapshot import snapshot
from amazing_assets_tests.backup.homes import figures, filled, home_at, versions

# Killed before DuckDB moves what was committed from its log into the file.
KILLED = """
import os, sys, duckdb
warehouse = duckdb.connect(sys.argv[1])
warehouse.execute("insert into figures values (8)")
os._exit(0)
"""


@pytest.fixture
def home(tmp_path):
    return filled(home_at(tmp_path / "home"))


def copies(home, folder):
    folder.mkdir()
    found = snapshot(entries(home, with_key=False), folder)
    return {entry.name: entry.path for entry in found}


def test_databases_are_copied_and_files_stay_where_they_are(home, tmp_path):
    found = copies(home, tmp_path / "copies")
    moved = {name for name, path in found.items() if tmp_path / "copies" in path.parents}
    assert moved == {"mlflow.db", "warehouse.duckdb"}
    assert versions(found["mlflow.db"]) == [(1,)]
    assert found.keys() == {entry.name for entry in entries(home, with_key=False)}


def test_what_a_killed_run_committed_is_copied_with_the_warehouse(home, tmp_path):
    file = home.of("warehouse.duckdb")
    subprocess.run([sys.executable, "-c", KILLED, str(file)], check=True)
    assert file.with_name("warehouse.duckdb.wal").exists()
    found = copies(home, tmp_path / "copies")
    assert "warehouse.duckdb.wal" in found
    assert figures(found["warehouse.duckdb"])["number"].to_list() == [7, 8]
