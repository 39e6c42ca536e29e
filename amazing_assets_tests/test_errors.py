import errno
import importlib
import inspect
import pkgutil
import sqlite3
import unicodedata
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest
import sqlalchemy
from hypothesis import example, given
from hypothesis import strategies as st
from mlflow import MlflowClient

import amazing_assets
from amazing_assets.errors import PlainError, quoted, sentence_of, sentence_of_words
from amazing_assets.models.library import quietly
from amazing_assets_tests.disks import small_disk

# A key that no catalogue has is a mistake in the code: a person can do nothing about it.
PROGRAMMERS = {"UnknownSentenceError"}

# To import it is to run the command.
PROGRAM = "amazing_assets.__main__"


def errors_of_the_package():
    """Every exception class that a module of the package defines, by name."""
    names = [
        module.name for module in pkgutil.walk_packages(amazing_assets.__path__, "amazing_assets.")
    ]
    modules = [importlib.import_module(name) for name in names if name != PROGRAM]
    return {
        name: found
        for module in modules
        for name, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, Exception) and found.__module__ == module.__name__
    }


# Of MLflow's own annotations, when it is imported.
@pytest.mark.filterwarnings("ignore:.*Any type hint is inferred")
def test_every_error_of_ours_is_a_sentence_for_a_person():
    found = errors_of_the_package()
    assert {"LakeError", "LandingError", "SettingsError", "KeyFileError", "RunFailedError"} <= set(
        found
    )
    strangers = {name for name, error in found.items() if not issubclass(error, PlainError)}
    assert strangers == PROGRAMMERS


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2019-Oct.csv", "2019-Oct.csv"),
        ("été 日本 😀", "été 日本 😀"),
        (r"C:\data \N", r"C:\data \N"),
        ("two\nlines\r\n\tand a tab", r"two\nlines\r\n\tand a tab"),
        ("\x1b[31mred\x1b[0m\x07", r"\x1b[31mred\x1b[0m\x07"),
        ("\x00\x7f\x85\x9b", r"\x00\x7f\x85\x9b"),
        ("fdp\u202evsc.exe", r"fdp\u202evsc.exe"),
        ("a\u200bb\ufeff\u2028\xa0\xad", r"a\u200bb\ufeff\u2028\xa0\xad"),
        ("\u3164\u115f\ufe0f", r"\u3164\u115f\ufe0f"),
        ("\ud800", r"\ud800"),
        (b"caf\xe9", r"caf\xe9"),
        ("caf\udce9", r"caf\xe9"),
        ("caf\xe9".encode(), "café"),
        (Path("in/2019-Oct\n.csv"), r"in/2019-Oct\n.csv"),
        (None, "None"),
        (2019, "2019"),
    ],
)
def test_what_is_quoted_is_shown_and_does_nothing(text, shown):
    assert quoted(text) == shown


def test_what_is_long_is_cut_with_an_ellipsis_and_never_within_an_escape():
    assert quoted("a" * 80) == "a" * 80
    assert quoted("a" * 81) == "a" * 79 + "…"
    assert quoted("a" * 79 + "\n") == "a" * 79 + "…"
    assert quoted("abc\n", longest=5) == r"abc\n"
    assert quoted("abc\nd", longest=5) == "abc…"
    assert quoted(b"\xff" * 10_000_000, longest=9) == r"\xff\xff…"


@given(st.text(st.characters(exclude_categories=())) | st.binary(), st.integers(1, 120))
@example("\n" * 200, 80)
def test_whatever_is_quoted_is_one_short_printable_line(text, longest):
    shown = quoted(text, longest)
    assert len(shown) <= longest
    assert shown.isprintable()
    assert not {unicodedata.bidirectional(each) for each in shown} & {"RLO", "LRO", "RLI", "FSI"}


def raised(action):
    with pytest.raises(BaseException) as found:  # noqa: PT011  whatever it is
        action()
    return found.value


def open_below_a_file(folder):
    (folder / "file").touch()
    return raised((folder / "file" / "below").open)


def copied_into_itself(folder):
    (folder / "loop").symlink_to(folder / "loop")
    return raised((folder / "loop").read_text)


def damaged_parquet(folder):
    (folder / "damaged.parquet").write_bytes(b"PAR1")
    return raised(lambda: pl.read_parquet(folder / "damaged.parquet"))


def damaged_warehouse(folder):
    (folder / "warehouse.duckdb").write_bytes(b"no database at all, only some words of it")
    return raised(lambda: duckdb.connect(str(folder / "warehouse.duckdb")))


def damaged_sqlite(folder):
    (folder / "runs.db").write_bytes(b"no database at all")
    return raised(lambda: sqlite3.connect(folder / "runs.db").execute("select * from runs"))


@pytest.mark.filterwarnings("ignore:unclosed database")
@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (open_below_a_file, "A file lies where a folder is needed, on the way to {}/file/below; "),
        (copied_into_itself, "{}/loop is a link that leads back to itself; "),
        (lambda f: raised((f / "gone").read_text), "{}/gone is not there, or was taken away "),
        (lambda f: raised((f / ("x" * 300)).touch), "The path {}/xxx"),
        (lambda f: raised(lambda: pl.read_parquet(f / "no.parquet")), "{}/no.parquet is not there"),
        (damaged_parquet, "A file in {} is damaged, or none of ours; "),
        (damaged_warehouse, "A file in {}/warehouse.duckdb is damaged, or none of ours; "),
        (damaged_sqlite, "A file in {} is damaged, or none of ours; "),
    ],
)
def test_what_the_machine_refuses_is_a_sentence_that_names_the_place(tmp_path, fault, sentence):
    said = sentence_of(fault(tmp_path), tmp_path)
    assert said.startswith(sentence.format(tmp_path))
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PlainError("The month is full."), "The month is full."),
        (KeyboardInterrupt(), "Stopped."),
        (MemoryError(), "The memory of this machine is used up; end what else runs on it"),
        (OSError(errno.EMFILE, "many"), "More files are open than this machine lets one program"),
        (OSError(errno.EROFS, "read", "/data/x"), "/data/x is read-only; make it writable, or"),
        (OSError(errno.EACCES, "no", "/a\x1b"), r"/a\x1b may not be read or written by this"),
        (sqlite3.OperationalError("database is locked"), "Another process writes to a database"),
        (dg.Failure("It is so."), "It is so."),
    ],
)
def test_each_known_error_has_its_sentence(error, sentence):
    assert sentence_of(error).startswith(sentence)


@pytest.mark.parametrize("error", [TypeError("x"), KeyError("eligible"), OSError("strange")])
def test_what_nobody_foresaw_has_no_sentence(error):
    assert sentence_of(error) is None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device\n", "A disk, or a quota, is full; free some"),
        (
            "PermissionError: [Errno 13] Permission denied: '/home/mary/x'",
            "A file may not be read or written by this account; give it the right, or set",
        ),
        (
            "sqlite3.OperationalError: database is locked",
            "Another process writes to a database in the home; wait until it is done",
        ),
        (
            "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) database is locked",
            "Another process writes to a database in the home; wait until it is done",
        ),
    ],
)
def test_of_an_error_that_is_only_words_the_sentence_names_no_path(words, sentence):
    said = sentence_of_words(words)
    assert said.startswith(sentence)
    assert "mary" not in said


def test_words_of_others_that_sound_like_the_machine_have_no_sentence():
    assert sentence_of_words("ValueError: database is locked") is None
    assert sentence_of_words("it is so") is None


def test_what_is_wrapped_by_others_is_looked_at():
    wrapping = RuntimeError("wrapped")
    wrapping.__cause__ = OSError(errno.EROFS, "read", "/data/x")
    assert sentence_of(wrapping).startswith("/data/x is read-only")
    wrapped = sqlalchemy.exc.OperationalError(
        "insert", {}, sqlite3.OperationalError("readonly database")
    )
    assert sentence_of(wrapped, Path("/data")).startswith("/data is read-only")


def test_a_full_disk_is_named_with_what_is_left(tmp_path):
    full = OSError(errno.ENOSPC, "No space left on device")
    assert sentence_of(full).startswith("A disk, or a quota, is full; free some space")
    with small_disk(tmp_path, 1):
        found = raised(lambda: (tmp_path / "file").write_bytes(bytes(2_000_000)))
        assert sentence_of(found, tmp_path / "not" / "yet", Path("/")) == (
            f"The disk of {tmp_path}/not/yet is full, 0.0 MB are left; free some space, or set "
            f"AMAZING_HOME to a folder on another disk, and try again."
        )


def test_a_disk_that_is_full_of_models_is_said_to_be_full(tmp_path):
    def register():
        with quietly():
            MlflowClient(f"sqlite:///{tmp_path}/mlflow.db").create_experiment("x")

    with small_disk(tmp_path, 1):
        (tmp_path / "rest").write_bytes(bytes(900_000))
        assert sentence_of(raised(register), tmp_path).startswith(f"The disk of {tmp_path} is full")
