"""The key of a home is replaced: the same tables under other numbers, whenever it is killed."""

import random
import struct
import subprocess
import sys
import time

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.lake.key import key_of_lake
from amazing_assets.lake.left_out import add_objectors, erased, objectors
from amazing_assets.privacy.erasure import ask, erase
from amazing_assets.privacy.ledger import Kind, Ledger
from amazing_assets.privacy.rotation.rotate import Change, RotationError, rotate
from amazing_assets.privacy.rotation.state import Rotation
from amazing_assets.pseudonym import KeyFileError, pseudonyms
from amazing_assets_tests.privacy.homes import MONTH, copy_of, key_of, stores_of, table
from amazing_assets_tests.privacy.planted import IDS, OTHERS, files_of, meanings

ALL = (*IDS, *OTHERS)
KEYED = (
    "raw_events",
    "clean_events",
    "sessions",
    "user_products",
    "user_features",
    "contacts",
    "action_sequences",
)
NEW_KEY = "another key for the tests"


@pytest.fixture
def home(built_home):
    return built_home


@pytest.fixture
def kept(home, tmp_path):
    return copy_of(home, tmp_path / "home")


def change_of(home, ids=ALL, *, remove_unknown=False, new_key=NEW_KEY):
    return Change(
        old_key=key_of(home),
        new_key=new_key,
        ids=lambda: pl.Series("user_id", ids, pl.Int64),
        remove_unknown=remove_unknown,
        install=lambda state: state.install(home / "pseudonym.key"),
    )


def by_shop_ids(home, name, key):
    """A table by the shop's own ids: what is left when the key is taken out of it."""
    known = pseudonyms(pl.Series("user_id", ALL, pl.Int64), key)
    ids = known.select(pl.col("user_id").alias("id"), pl.col("pseudonym").alias("user_id"))
    frame = table(home, name).join(ids, on="user_id", how="left").drop("user_id")
    lists = [each for each, kind in frame.schema.items() if kind.base_type() is pl.List]
    return frame.sort(pl.all().exclude(lists))


def numbers_of(home, key=None):
    return pseudonyms(pl.Series("user_id", ALL, pl.Int64), key or key_of(home))["pseudonym"]


def packed(numbers):
    return [*(str(each).encode() for each in numbers), *(struct.pack("<q", n) for n in numbers)]


def named_in(home, patterns):
    """The parts of a home, but for the landing zone, that name somebody in what they hold."""
    return {
        file.relative_to(home).parts[0]
        for file in files_of(home, [home / "landing"])
        for _, content in meanings(file.read_bytes())
        if any(pattern in content for pattern in patterns)
    }


def assert_equal_but_for_the_key(before, after):
    for name in KEYED:
        frame = by_shop_ids(after, name, key_of(after))
        assert frame["id"].null_count() == 0, name
        assert_frame_equal(by_shop_ids(before, name, key_of(before)), frame)
    for name in ("price_book", "rejected_events"):
        assert_frame_equal(table(before, name), table(after, name))


def test_tables_are_equal_but_for_the_key_and_the_old_numbers_are_nowhere(home, kept):
    done = rotate(stores_of(kept), change_of(kept))
    assert done.customers == len(ALL)
    assert done.rows["raw_events"] == table(home, "raw_events").height
    assert_equal_but_for_the_key(home, kept)
    assert key_of(kept) == NEW_KEY
    gone, there = packed(numbers_of(home)), packed(numbers_of(kept, NEW_KEY))
    parts = {"lake", "warehouse.duckdb", "reports", "logs"}
    assert named_in(home, gone) == named_in(kept, there) == parts
    assert named_in(kept, gone) == set()


def test_every_customer_lies_in_the_shard_of_the_new_number_in_order(kept):
    rotate(stores_of(kept), change_of(kept))
    lake = stores_of(kept).lake
    for shard in range(lake.shards):
        customers = lake.shard("clean_events", shard, MONTH).collect()["user_id"]
        assert (customers % lake.shards == shard).all()
        assert customers.is_sorted()


def test_the_old_key_opens_nothing_any_more_and_no_pair_is_left(home, kept):
    rotate(stores_of(kept), change_of(kept))
    root = kept / "lake"
    with pytest.raises(KeyFileError, match="another pseudonym key"):
        key_of_lake(root, kept / "pseudonym.key", key_of(home))
    assert key_of_lake(root, kept / "pseudonym.key", None) == NEW_KEY
    assert (kept / "pseudonym.key").stat().st_mode & 0o777 == 0o600
    assert not Rotation.of(kept).folder.exists()
    text = Ledger.of(kept).file.read_text()
    assert Ledger.of(kept).entries(Kind.ROTATION)[0].told["customers"] == len(ALL)
    assert key_of(home) not in text
    assert NEW_KEY not in text


def test_who_is_forgotten_stays_so_and_who_objects_does(kept):
    ask(stores_of(kept), IDS[:1], key_of(kept))
    erase(stores_of(kept), key_of(kept), lambda _done: {})
    old = pseudonyms(pl.Series(IDS[1:2]), key_of(kept))["pseudonym"]
    add_objectors(kept / "lake", old)
    rotate(stores_of(kept), change_of(kept))
    new = pseudonyms(pl.Series(IDS[1:2]), NEW_KEY)["pseudonym"]
    assert objectors(kept / "lake").to_list() == new.to_list()
    rows = pl.DataFrame({"user_id": IDS})
    assert erased(kept / "lake", NEW_KEY).without(rows)["user_id"].to_list() == list(IDS[1:])


def test_who_is_in_no_file_is_counted_and_nothing_is_changed_until_somebody_agrees(home, kept):
    with pytest.raises(RotationError, match=r"^3 customers of this home are in no file"):
        rotate(stores_of(kept), change_of(kept, tuple(OTHERS)))
    assert key_of_lake(kept / "lake", kept / "pseudonym.key", None) == key_of(home)
    assert table(kept, "sessions").equals(table(home, "sessions"))
    done = rotate(stores_of(kept), change_of(kept, tuple(OTHERS), remove_unknown=True))
    assert done.unknown == len(IDS)
    assert table(kept, "user_features").height == len(OTHERS)


def test_the_key_of_today_is_no_new_one(kept):
    with pytest.raises(RotationError, match="is the key of today"):
        rotate(stores_of(kept), change_of(kept, new_key=key_of(kept)))


PROGRAM = """
import sys
from pathlib import Path
from amazing_assets.privacy.rotation.rotate import rotate
from amazing_assets_tests.killing import dies_after
from amazing_assets_tests.privacy.homes import stores_of
from amazing_assets_tests.privacy.rotation.test_rotate import change_of
home, last = Path(sys.argv[1]), int(sys.argv[2])
print("begun", flush=True)
rotate(stores_of(home), change_of(home), dies_after(last))
"""


def begin(folder, last):
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), str(last)], stdout=subprocess.PIPE
    )


def test_killed_midway_nobody_is_let_in_and_the_next_pass_finishes_it(home, kept):
    with begin(kept, 5) as process:
        assert process.wait() == -9
    with pytest.raises(KeyFileError, match=r"is being replaced.*`amazing rotate-key` finishes it"):
        key_of_lake(kept / "lake", kept / "pseudonym.key", None)
    done = rotate(stores_of(kept), change_of(kept))
    assert done.rows["raw_events"] == table(home, "raw_events").height
    assert_equal_but_for_the_key(home, kept)


@pytest.mark.evaluate
@pytest.mark.parametrize("seed", range(20))
def test_killed_at_any_moment_the_next_pass_finishes_it(home, kept, seed):
    with begin(kept, 1_000) as process:
        process.stdout.readline()
        time.sleep(random.Random(seed).uniform(0, 1.0))  # noqa: S311  moments, no secrets
        process.kill()
    # One that was quicker than the kill is followed by another.
    rotate(stores_of(kept), change_of(kept, new_key="a third key"))
    assert_equal_but_for_the_key(home, kept)
    assert not Rotation.of(kept).folder.exists()
