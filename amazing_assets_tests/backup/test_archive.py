import json
import tarfile

import pytest

from amazing_assets.backup import archive
from amazing_assets.backup.archive import About, Hashing, read_about
from amazing_assets.backup.contents import BackupError
from amazing_assets_tests.backup.homes import backed_up, filled, home_at


@pytest.fixture
def backup(tmp_path):
    return backed_up(filled(home_at(tmp_path / "home")), tmp_path / "backup.tar")


def test_a_backup_says_what_it_is_before_it_is_read(backup):
    with tarfile.open(backup) as tar:
        about = read_about(tar, backup)
        assert tar.getnames()[0] == archive.ABOUT
    assert (about.format, about.has_key) == (archive.FORMAT, False)
    assert set(about.parts) == {"lake", "warehouse.duckdb", "mlflow.db", "artifacts", "reports"}


def test_it_names_neither_the_machine_nor_who_made_it(backup):
    with tarfile.open(backup) as tar:
        found = {(info.uid, info.gid, info.uname, info.gname) for info in tar}
    assert found == {(0, 0, "", "")}
    assert str(backup.parent).encode() not in backup.read_bytes()


def test_a_file_that_is_there_is_not_written_over(backup, tmp_path):
    before = backup.read_bytes()
    with pytest.raises(FileExistsError):
        backed_up(home_at(tmp_path / "home"), backup)
    assert backup.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "home"]


def test_a_file_that_another_version_writes_otherwise_is_told(tmp_path):
    about = About(archive.FORMAT + 1, "9.0.0", "2030-01-01T00:00:00Z", has_key=False, parts=())
    archive.write_archive(tmp_path / "later.tar", [], about, lambda _: None)
    with (
        tarfile.open(tmp_path / "later.tar") as tar,
        pytest.raises(BackupError, match=r"was made by version 9\.0\.0, which writes them"),
    ):
        read_about(tar, tmp_path / "later.tar")


def test_the_list_has_what_sha256sum_says(backup):
    with tarfile.open(backup) as tar:
        listed = json.load(tar.extractfile(archive.LIST))
    assert listed["reports"] == "folder"
    assert listed["artifacts/segment_names.json"] == (
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    )


def test_bytes_are_told_as_they_are_read(tmp_path):
    told = []
    (tmp_path / "file").write_bytes(b"12345")
    with (tmp_path / "file").open("rb") as file:
        hashing = Hashing(file, told.append)
        assert (hashing.read(3), hashing.read()) == (b"123", b"45")
    assert told == [3, 2]
