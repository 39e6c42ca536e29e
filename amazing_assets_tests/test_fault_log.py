import errno
import stat

import pytest

from amazing_assets.fault_log import MOST_FILES, told


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("AMAZING_HOME", str(tmp_path))
    return tmp_path


def caught(error):
    try:
        raise error  # noqa: TRY301  here, to have a traceback
    except BaseException as found:  # noqa: BLE001  with its traceback
        return found


def logs(home):
    return sorted((home / "logs").iterdir())


def test_what_nobody_foresaw_is_a_sentence_and_its_traceback_is_in_the_file_it_names(home):
    sentence = told(caught(TypeError("two\nlines\x1b")), "what Rust said")
    (file,) = logs(home)
    assert sentence == (
        f"Something unforeseen went wrong (TypeError); its traceback is in {file}: send that file "
        f"to who maintains this platform."
    )
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = file.read_text().splitlines()
    assert {line[:2] for line in lines} == {"20"}
    written = "\n".join(line.partition(" ")[2] for line in lines)
    assert "what Rust said\nTraceback (most recent call last):" in written
    assert "raise error" in written
    assert written.endswith("TypeError: two\nlines\\x1b")


def test_what_is_foreseen_needs_no_file(home):
    assert told(OSError(errno.EROFS, "no", "/data")).startswith("/data is read-only")
    assert not (home / "logs").exists()


def test_neither_secrets_nor_ids_are_in_the_file(home, monkeypatch):
    monkeypatch.setenv("AMAZING_PSEUDONYM_KEY", "open sesame")
    told(
        caught(
            ValueError(
                "key open sesame, customer 541312140, in 72d76fde-8bb3-4e00-8c23-a032dfed738c, "
                "at postgresql://ada:lovelace@db/mlflow, row 12345"
            )
        )
    )
    (file,) = logs(home)
    assert (
        file.read_text()
        .splitlines()[-1]
        .endswith(
            "ValueError: key ***, customer ***, in ***, at postgresql://***@db/mlflow, row 12345"
        )
    )


def test_only_the_newest_files_are_kept(home):
    (home / "logs").mkdir()
    for number in range(MOST_FILES + 5):
        (home / "logs" / f"amazing-2019-10-01T{number:06}-x.log").touch()
    (home / "logs" / "theirs.log").touch()
    told(caught(TypeError()))
    kept = [file.name for file in logs(home)]
    assert len(kept) == MOST_FILES + 1
    assert kept[0] == "amazing-2019-10-01T000006-x.log"
    assert "theirs.log" in kept


def test_a_home_that_cannot_be_written_has_its_traceback_in_a_temporary_folder(
    tmp_path, monkeypatch
):
    (tmp_path / "home").touch()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("AMAZING_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    sentence = told(caught(TypeError()))
    (file,) = (tmp_path / "temporary").iterdir()
    assert str(file) in sentence


def test_settings_that_are_wrong_do_not_hide_what_went_wrong(tmp_path, monkeypatch):
    monkeypatch.setenv("AMAZING_SHARDS", "none")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    sentence = told(caught(TypeError()))
    (file,) = tmp_path.iterdir()
    assert str(file) in sentence
