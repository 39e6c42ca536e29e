"""One key, one lake: whatever happens to the key, customers are never counted twice."""

import subprocess
import sys

import pytest

from amazing_assets.lake.key import FINGERPRINT, bind_to_key, key_of_lake
from amazing_assets.pseudonym import KeyFileError, fingerprint_of, read_key
from amazing_assets_tests.lake.test_table import things, write

OURS, OTHER = "the key of the shop", "another key"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "pseudonym.key"


def begun(lake, key):
    """A lake with customers under a key."""
    bind_to_key(lake.root, key)
    write(lake, things(1))
    return lake.root


def everything(folder):
    return {path: path.is_file() and path.read_bytes() for path in sorted(folder.rglob("*"))}


def test_the_first_customers_bind_a_lake_to_the_key_that_is_there(lake, file):
    key = key_of_lake(lake.root, file, None)
    assert key == read_key(file)
    root = begun(lake, key)
    assert (root / FINGERPRINT).read_text() == fingerprint_of(key)
    assert key_of_lake(root, file, None) == key
    assert key_of_lake(root, file, key) == key


def test_a_key_of_the_environment_makes_no_file(lake, file):
    root = begun(lake, key_of_lake(lake.root, file, OURS))
    assert key_of_lake(root, file, OURS) == OURS
    assert not file.exists()


LOST = r"is gone: there is no .*/pseudonym\.key and no AMAZING_PSEUDONYM_KEY"
EMPTY = r"/pseudonym\.key is empty"


def refuse(root, file, given, sentence):
    before = everything(file.parent)
    with pytest.raises(KeyFileError, match=f"{sentence}.*AMAZING_HOME to a new folder"):
        key_of_lake(root, file, given)
    assert everything(file.parent) == before


@pytest.mark.parametrize(
    ("kept", "given", "sentence"),
    [
        (None, OTHER, "another pseudonym key than AMAZING_PSEUDONYM_KEY holds"),
        (OURS, OTHER, "another pseudonym key than AMAZING_PSEUDONYM_KEY holds"),
        (OTHER, None, r"another pseudonym key than .*/pseudonym\.key holds"),
        (None, None, LOST),
        ("\n", None, EMPTY),
    ],
)
def test_another_key_or_none_is_refused_and_nothing_is_written(lake, file, kept, given, sentence):
    root = begun(lake, OURS)
    if kept is not None:
        file.write_text(kept)
    refuse(root, file, given, sentence)


def test_a_lake_of_before_fingerprints_whose_key_is_gone_is_refused(lake, file):
    write(lake, things(1))
    refuse(lake.root, file, None, LOST)
    file.touch()
    refuse(lake.root, file, None, EMPTY)


@pytest.mark.parametrize(("kept", "given"), [(OURS, None), (None, OURS), (OURS, OURS)])
def test_a_lake_of_before_fingerprints_takes_the_key_beside_it(lake, file, kept, given):
    write(lake, things(1))
    if kept:
        file.write_text(kept)
    key = key_of_lake(lake.root, file, given)
    # Who only reads writes nothing: the home may be one that nobody can write to.
    assert not (lake.root / FINGERPRINT).exists()
    bind_to_key(lake.root, key)
    with pytest.raises(KeyFileError, match="another pseudonym key than AMAZING_PSEUDONYM_KEY"):
        key_of_lake(lake.root, file, OTHER)


def test_of_two_keys_beside_a_lake_of_before_none_is_guessed(lake, file):
    write(lake, things(1))
    file.write_text(OURS)
    with pytest.raises(
        KeyFileError, match=r"AMAZING_PSEUDONYM_KEY is not the key in .*; take away"
    ):
        key_of_lake(lake.root, file, OTHER)
    assert not (lake.root / FINGERPRINT).exists()


def test_a_lake_that_holds_nobody_yet_says_how_it_is_begun_anew(lake, file):
    bind_to_key(lake.root, OURS)
    with pytest.raises(KeyFileError, match=f"delete .*/{FINGERPRINT}, for the lake holds no"):
        key_of_lake(lake.root, file, OTHER)
    (lake.root / FINGERPRINT).unlink()
    assert key_of_lake(lake.root, file, OTHER) == OTHER


AT_ONCE = """
import sys
from pathlib import Path
from amazing_assets.lake.key import bind_to_key, key_of_lake
from amazing_assets.pseudonym import KeyFileError
root, file, key = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] or None
sys.stdin.readline()
try:
    found = key_of_lake(root, file, key)
    bind_to_key(root, found)
    print(found)
except KeyFileError:
    print("refused")
"""


def at_once(root, file, *keys):
    """What processes say that begin a lake in the same moment, each with a key; empty: the file."""
    program = [sys.executable, "-c", AT_ONCE, str(root), str(file)]
    running = [
        subprocess.Popen([*program, key], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for key in keys
    ]
    for process in running:
        process.stdin.write("\n")
        process.stdin.flush()
    return [process.communicate(timeout=120)[0].strip() for process in running]


def test_of_processes_that_begin_a_lake_at_once_with_two_keys_one_wins(lake, file):
    said = at_once(lake.root, file, OURS, OTHER)
    assert said.count("refused") == 1
    (winner,) = set(said) - {"refused"}
    assert (lake.root / FINGERPRINT).read_text() == fingerprint_of(winner)


def test_processes_that_begin_a_lake_at_once_without_a_key_agree_on_one(lake, file):
    said = at_once(lake.root, file, "", "", "")
    assert set(said) == {read_key(file)}
