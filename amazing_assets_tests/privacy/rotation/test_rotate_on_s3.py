"""The key of a lake in a bucket is replaced, killed midway and resumed."""

import subprocess
import sys
from dataclasses import replace

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.lake import objects
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.key import key_of_lake
from amazing_assets.lake.table import Lake
from amazing_assets.locations import BucketPath
from amazing_assets.privacy.rotation.rotate import rotate
from amazing_assets.privacy.rotation.state import Rotation
from amazing_assets.pseudonym import KeyFileError, pseudonyms
from amazing_assets_tests.defs.homes import SHARDS, Home
from amazing_assets_tests.places import BucketPlace, leading_to
from amazing_assets_tests.privacy import homes
from amazing_assets_tests.privacy.homes import MONTH, key_of
from amazing_assets_tests.privacy.planted import (
    IDS,
    OTHERS,
    deliver,
    deliver_contacts,
    holds,
    meanings,
    numbers_as_bytes,
)
from amazing_assets_tests.privacy.rotation.test_rotate import KEYED, change_of

# A pass of tens of seconds for each moment at which it is killed.
pytestmark = pytest.mark.evaluate

ALL = pl.Series("user_id", [*IDS, *OTHERS], pl.Int64)


def stores_of(home, root):
    lake = Lake(BucketPath.of(root), SHARDS, LocalEngine())
    return replace(homes.stores_of(home), lake=lake)


@pytest.fixture(scope="module")
def home(s3, tmp_path_factory):
    """A home whose lake is in a bucket, and its tables by the shop's own ids."""
    folder = tmp_path_factory.mktemp("rotated") / "home"
    with leading_to(s3):
        root = f"{BucketPlace(s3, 'rotated').root}/lake"
        made = Home(folder, lake_root=root)
        deliver(made.landing, MONTH)
        deliver_contacts(made.landing, MONTH)
        assert made.materialize(MONTH, homes.ASSETS).success
        yield folder, root, tables_of(folder, root)


def tables_of(folder, root):
    known = pseudonyms(ALL, key_of(folder))
    ids = known.select(id="user_id", user_id="pseudonym")
    lake = stores_of(folder, root).lake
    return {name: by_ids(lake.scan(name, MONTH).collect(), ids) for name in KEYED}


def by_ids(frame, ids):
    named = frame.join(ids, on="user_id", how="left").drop("user_id")
    return named.sort(name for name, kind in named.schema.items() if not kind.is_nested())


PROGRAM = """
import sys
from pathlib import Path
from amazing_assets.privacy.rotation.rotate import rotate
from amazing_assets_tests.killing import dies_after
from amazing_assets_tests.privacy.rotation.test_rotate import change_of
from amazing_assets_tests.privacy.rotation.test_rotate_on_s3 import stores_of
home, root, last, key = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
rotate(stores_of(home, root), change_of(home, new_key=key), dies_after(last))
"""


@pytest.mark.parametrize("steps", [1, 4, 8, 11])
def test_killed_midway_nobody_is_let_in_and_the_next_pass_finishes_it(home, steps):
    folder, root, before = home
    old, new = key_of(folder), f"a key after {steps} steps"
    program = [sys.executable, "-c", PROGRAM, str(folder), root, str(steps), new]
    assert subprocess.run(program, check=False).returncode == -9
    place = BucketPath.of(root)
    assert Rotation.of(folder).has_begun
    with pytest.raises(KeyFileError, match="is being replaced"):
        key_of_lake(place, folder / "pseudonym.key", new)
    done = rotate(stores_of(folder, root), change_of(folder, new_key=new))
    assert done.customers == len(ALL)
    assert key_of(folder) == key_of_lake(place, folder / "pseudonym.key", None) == new
    after = tables_of(folder, root)
    for name in KEYED:
        assert after[name]["id"].null_count() == 0
        assert_frame_equal(before[name], after[name])
    assert named_in(place, old) == set()
    assert named_in(place, new) >= set(KEYED)


def named_in(place, key):
    """The tables of which an object names somebody by a number of a key."""
    numbers = pseudonyms(ALL, key)["pseudonym"].to_list()
    forms, texts = numbers_as_bytes(numbers), [str(each).encode() for each in numbers]
    return {
        each.path.key.partition("/.store/")[2].partition("/")[0]
        for each in objects.listed(place)
        for _, content in meanings(objects.read(each.path).data)
        if holds(content, forms) or any(text in content for text in texts)
    }
