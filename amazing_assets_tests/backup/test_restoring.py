import io
import os
import shutil
import sqlite3
import tarfile
from contextlib import closing

import pytest

from amazing_assets.backup.contents import BackupError
from amazing_assets_tests.backup.homes import (
    LAST,
    backed_up,
    emptied,
    figures,
    filled,
    held_by,
    home_at,
    restored,
    rows,
    tree,
    versions,
)


@pytest.fixture
def home(tmp_path):
    return filled(home_at(tmp_path / "home"))


@pytest.fixture
def backup(home, tmp_path):
    return backed_up(home, tmp_path / "backup.tar")


def test_a_home_comes_back_as_it_was(home, backup):
    before = tree(home.home)
    restored(backup, emptied(home))
    after = tree(home.home)
    gone = {name.split("/")[0] for name in before.keys() - after.keys()}
    assert gone == {"landing", "logs", "pseudonym.key.before"}
    assert after.keys() <= before.keys()
    databases = {"mlflow.db", "pseudonym.key"}
    assert {name: before[name] for name in after.keys() - databases} == {
        name: after[name] for name in after.keys() - databases
    }
    assert rows(home.of("lake")).equals(LAST)
    assert figures(home.of("warehouse.duckdb"))["number"].to_list() == [7]
    assert versions(home.of("mlflow.db")) == [(1,)]


def test_what_was_committed_and_not_yet_moved_into_a_database_is_kept(home, tmp_path):
    with closing(sqlite3.connect(home.of("mlflow.db"), isolation_level=None)) as models:
        models.execute("pragma journal_mode = wal")
        models.execute("insert into versions values (2)")
        file = backed_up(home, tmp_path / "backup.tar")
    restored(file, emptied(home))
    assert versions(home.of("mlflow.db")) == [(1,), (2,)]


def test_the_key_is_in_no_backup_that_nobody_asked_it_into(home, backup):
    assert b"the key" not in backup.read_bytes()
    assert b"ids of the shop" not in backup.read_bytes()
    assert backup.stat().st_mode & 0o777 == 0o600
    asked = backed_up(home, backup.with_name("with_key.tar"), with_key=True)
    shutil.rmtree(home.home)
    assert restored(asked, home).has_key
    assert (home.home / "pseudonym.key").read_text() == "the key"


def test_parts_that_lie_elsewhere_come_back_elsewhere(tmp_path):
    elsewhere = {
        "AMAZING_LAKE": str(tmp_path / "disk/lake"),
        "AMAZING_WAREHOUSE": str(tmp_path / "disk/store.duckdb"),
    }
    (tmp_path / "disk").mkdir()
    (tmp_path / "home").mkdir()
    home = filled(home_at(tmp_path / "home", **elsewhere))
    file = backed_up(home, tmp_path / "backup.tar")
    shutil.rmtree(home.home)
    shutil.rmtree(tmp_path / "disk")
    restored(file, home)
    assert rows(tmp_path / "disk/lake").equals(LAST)
    assert figures(tmp_path / "disk/store.duckdb")["number"].to_list() == [7]
    assert held_by(tmp_path / "home") == ["artifacts", "mlflow.db", "reports"]


def test_a_part_on_another_disk_is_backed_up_through_its_link(home, tmp_path):
    (home.home / "reports").rename(tmp_path / "large disk")
    (home.home / "reports").symlink_to(tmp_path / "large disk")
    file = backed_up(home, tmp_path / "backup.tar")
    restored(file, emptied(home))
    assert (home.home / "reports/2019-10/report.html").read_text() == "a report"


def test_a_link_that_leads_out_of_its_part_is_named(home, tmp_path):
    (home.home / "reports/latest").symlink_to("../../outside")
    with pytest.raises(BackupError, match=r"reports/latest leads out of its folder"):
        backed_up(home, tmp_path / "backup.tar")


def offset_of(backup, name):
    with tarfile.open(backup) as tar:
        found = tar.getmember(name)
    return found.offset, found.offset_data


def flip(backup, place):
    content = bytearray(backup.read_bytes())
    content[place] ^= 1
    backup.write_bytes(content)


@pytest.mark.parametrize(
    ("name", "in_header"),
    [
        ("reports/2019-10/report.html", False),
        ("reports/2019-10/report.html", True),
        ("artifacts", True),
        ("warehouse.duckdb", False),
        (".backup/list.json", False),
        (".backup/list.sha256", False),
        (".backup/list.sha256", True),
    ],
)
def test_a_bit_that_fell_over_is_found_and_nothing_is_restored(home, backup, name, in_header):
    flip(backup, offset_of(backup, name)[0 if in_header else 1])
    with pytest.raises(BackupError, match=r"is damaged at .* and nothing was restored"):
        restored(backup, emptied(home))
    assert held_by(home.home) == ["pseudonym.key"]


@pytest.mark.parametrize("left", [0.1, 0.5, 0.9])
def test_a_backup_that_was_cut_is_refused(home, backup, left):
    os.truncate(backup, int(backup.stat().st_size * left))
    with pytest.raises(BackupError, match=r"is damaged at .* and nothing was restored"):
        restored(backup, emptied(home))
    assert held_by(home.home) == ["pseudonym.key"]


@pytest.mark.parametrize("held", ["lake", "anything", "reports"])
def test_a_home_that_holds_something_is_left_as_it_is(home, backup, held):
    emptied(home)
    (home.home / held).mkdir()
    with pytest.raises(BackupError, match=f"{held} is there already and a restore overwrites"):
        restored(backup, home)
    assert held_by(home.home) == sorted([held, "pseudonym.key"])


def test_a_warehouse_elsewhere_is_not_overwritten(home, backup, tmp_path):
    shutil.rmtree(home.home)
    (tmp_path / "other.duckdb").write_text("of another home")
    elsewhere = home_at(home.home, AMAZING_WAREHOUSE=str(tmp_path / "other.duckdb"))
    with pytest.raises(BackupError, match=r"other\.duckdb is there already"):
        restored(backup, elsewhere)
    assert (tmp_path / "other.duckdb").read_text() == "of another home"


def test_what_is_no_backup_is_said_to_be_none(home, tmp_path):
    other = tmp_path / "other.tar"
    with tarfile.open(other, "w") as tar:
        tar.addfile(tarfile.TarInfo("a file"))
    (tmp_path / "text.tar").write_text("no tar")
    for file in (other, tmp_path / "text.tar"):
        with pytest.raises(BackupError, match="is no file that `amazing backup` wrote"):
            restored(file, home)
    with pytest.raises(BackupError, match="There is no file"):
        restored(tmp_path / "nowhere.tar", home)


def appended(backup, info, content=b""):
    """Somebody's own member, put among those of a backup."""
    with tarfile.open(backup, "a") as tar:
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))


def test_a_file_that_leads_out_of_the_home_is_not_written(home, backup, tmp_path):
    for name in ("reports/../../outside", "/outside"):
        crafted = backup.with_name("crafted.tar")
        shutil.copy(backup, crafted)
        appended(crafted, tarfile.TarInfo(name), b"written")
        with pytest.raises(BackupError, match=r"is damaged at .*outside"):
            restored(crafted, emptied(home))
    link = tarfile.TarInfo("reports/link")
    link.type, link.linkname = tarfile.SYMTYPE, "../../outside"
    appended(backup, link)
    with pytest.raises(BackupError, match="is damaged at reports/link"):
        restored(backup, emptied(home))
    assert held_by(tmp_path) == ["backup.tar", "crafted.tar", "home"]
