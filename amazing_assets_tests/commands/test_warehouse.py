"""`amazing warehouse check` on the warehouse that the environment names."""

import json

import pytest

from amazing_assets.commands.warehouse import warehouse
from amazing_assets.warehouse.warehouse import WarehouseError


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
