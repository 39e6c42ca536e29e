"""A home made through Dagster, backed up, lost and restored: all of it answers as before."""

import json
import re
import shutil

import dagster as dg
import pytest

from amazing_assets.commands.arguments import CommandError
from amazing_assets.commands.backup import backup, file_of, restore
from amazing_assets.pseudonym import fingerprint_of
from amazing_assets_tests.backup.homes import filled, held_by, home_at, tree
from amazing_assets_tests.commands import amazing, found
from amazing_assets_tests.instances import instance_of

NO_KEY = {"AMAZING_PSEUDONYM_KEY": ""}


@pytest.fixture(scope="module")
def home(classified_home, tmp_path_factory):
    folder = tmp_path_factory.mktemp("backed up") / "home"
    shutil.copytree(classified_home.warehouse.parent, folder, symlinks=True)
    return folder


def models_of(home):
    return found(amazing(home, "models", "--json", **NO_KEY))


def classified(home, events):
    return amazing(home, "classify", events, "--json", **NO_KEY)


@pytest.mark.evaluate
def test_a_home_that_is_lost_comes_back_and_its_key_is_asked_for(home, world, tmp_path):
    models, answers = models_of(home), found(classified(home, world.files[0]))
    kept = shutil.move(shutil.copy(home / "pseudonym.key", tmp_path), tmp_path / "apart")
    made = amazing(home, "backup", "--to", tmp_path, "--json", **NO_KEY)
    (told,) = found(made)["Backup"]
    assert "The pseudonym key is not in it; keep it apart" in made.stderr
    before = {**tree(home / "lake"), **tree(home / "artifacts")}
    shutil.rmtree(home)

    back = amazing(home, "restore", told["path"], **NO_KEY)
    assert back.returncode == 0
    assert "The pseudonym key is not there yet: put it into" in back.stderr
    assert {**tree(home / "lake"), **tree(home / "artifacts")} == before
    assert (home / "warehouse_copy.duckdb").is_file()
    refused = classified(home, world.files[0])
    assert refused.returncode == 1
    assert "The pseudonym key of the lake" in refused.stderr

    shutil.copy(kept, home / "pseudonym.key")
    assert models_of(home) == models
    assert found(classified(home, world.files[0])) == answers


@pytest.fixture
def home_of_process(tmp_path, monkeypatch):
    """A small home that is that of this process, and no key in the environment."""
    monkeypatch.setenv("AMAZING_HOME", str(tmp_path / "home"))
    # Set by whoever opens Dagster's instance, and taken back here.
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.delenv("AMAZING_PSEUDONYM_KEY", raising=False)
    home = filled(home_at(tmp_path / "home"))
    (home.of("lake") / "fingerprint").write_text(fingerprint_of("the key"))
    return home


def test_a_lake_that_is_restored_asks_for_its_key(home_of_process, tmp_path, capsys):
    lake, file = home_of_process.of("lake"), tmp_path / "backup.tar"
    backup(to=file)
    assert "The pseudonym key is not in it; keep it apart" in capsys.readouterr().err
    before = tree(lake)
    shutil.rmtree(home_of_process.home)
    restore(file)
    said = capsys.readouterr()
    assert "The pseudonym key is not there yet: put it into" in said.err
    assert f"{home_of_process.home} is as it was at 20" in said.out
    assert tree(lake) == before
    assert (home_of_process.home / "warehouse_copy.duckdb").is_file()


def test_another_key_than_that_of_the_lake_is_told(home_of_process, tmp_path, capsys):
    backup(to=tmp_path / "backup.tar")
    shutil.rmtree(home_of_process.home)
    home_of_process.home.mkdir()
    (home_of_process.home / "pseudonym.key").write_text("the key of another lake")
    restore(tmp_path / "backup.tar")
    assert "was made with another pseudonym key than" in capsys.readouterr().err


def test_nothing_is_backed_up_while_a_run_is_under_way(home_of_process, tmp_path):
    backup(to=tmp_path / "first.tar")
    job = dg.define_asset_job("a_job").resolve(
        asset_graph=dg.Definitions(assets=[an_asset]).resolve_asset_graph()
    )
    with instance_of(home_of_process.home / "dagster") as instance:
        instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    with pytest.raises(CommandError, match="Runs are queued or under way; wait until they have"):
        backup(to=tmp_path / "second.tar")
    assert held_by(tmp_path) == ["first.tar", "home"]


@dg.asset
def an_asset():
    pass


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("home/reports/backup.tar", "lies in the home and would be lost with it"),
        ("nowhere/backup.tar", "There is no folder"),
        ("there.tar", r"there\.tar is there already; name another file\."),
    ],
)
def test_a_backup_that_would_be_lost_or_in_the_way_is_refused(tmp_path, to, sentence):
    (tmp_path / "home/reports").mkdir(parents=True)
    (tmp_path / "there.tar").write_text("of somebody else")
    with pytest.raises(CommandError, match=sentence):
        file_of(tmp_path / to, tmp_path / "home")


def test_a_backup_in_a_folder_is_named_by_the_time(tmp_path):
    named = file_of(tmp_path, tmp_path / "home")
    assert re.fullmatch(r"amazing-\d{4}-\d\d-\d\dT\d{6}Z\.tar", named.name)


def test_a_key_that_lies_in_no_file_is_in_no_backup(home_of_process, tmp_path):
    (home_of_process.home / "pseudonym.key").unlink()
    with pytest.raises(CommandError, match="it comes from AMAZING_PSEUDONYM_KEY; leave --with-key"):
        backup(to=tmp_path, with_key=True)


def test_what_lies_on_a_server_is_told(home_of_process, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:1")
    backup(to=tmp_path / "backup.tar", json=True)
    said = capsys.readouterr()
    assert "The models lie on a server of MLflow and are not in this file" in said.err
    assert json.loads(said.out)["Backup"][0]["path"] == str(tmp_path / "backup.tar")


def test_a_home_that_holds_nothing_is_not_backed_up(tmp_path, monkeypatch):
    monkeypatch.setenv("AMAZING_HOME", str(tmp_path / "nowhere"))
    with pytest.raises(CommandError, match=r"There is nothing in .* to back up"):
        backup(to=tmp_path / "backup.tar")


@pytest.mark.evaluate
def test_every_table_champion_and_report_of_a_demo_comes_back(tmp_path):
    world = ("--customers", "300", "--months", "2019-10:2019-11")
    home = tmp_path / "home/demo"
    found(amazing(home.parent, "demo", *world, "--json", **NO_KEY))
    before, models = tree(home), models_of(home)
    found(amazing(home, "backup", "--to", tmp_path / "b.tar", "--with-key", "--json", **NO_KEY))
    shutil.rmtree(home)
    found(amazing(home, "restore", tmp_path / "b.tar", "--json", **NO_KEY))
    assert models_of(home) == models
    after = tree(home)
    left_out = ("landing", "demo.lock", "logs")
    differ = {name for name in before if not name.startswith(left_out)} - {
        name for name in after if after[name] == before.get(name)
    }
    # Databases of SQLite hold the same and are written anew; the copy for readers is made anew.
    anew = {name for name in differ if name.endswith(".db") or "warehouse_copy" in name}
    assert differ == anew
    assert "mlflow.db" in after
    assert len([name for name in after if name.endswith(".parquet")]) > 100
    assert "reports/2019-11" in after
