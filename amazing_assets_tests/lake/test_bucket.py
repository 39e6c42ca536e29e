"""A lake in a bucket: on a real S3 server, with writers that die, meet, and lose their way."""

import random
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.lake import bucket as side
from amazing_assets.lake import bucket_versions as versions_of_lake
from amazing_assets.lake import objects
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.key import bind_to_key, key_of_lake
from amazing_assets.lake.lease import NAME
from amazing_assets.lake.left_out import (
    add_erased,
    add_objectors,
    erased,
    keep_mark_key,
    mark_key,
    objectors,
    remove_objectors,
)
from amazing_assets.lake.objects import BucketError
from amazing_assets.lake.sharding import decide_shards, shards_of
from amazing_assets.lake.storage import LakeError
from amazing_assets.lake.table import Lake
from amazing_assets.locations import BucketPath, location_of
from amazing_assets.pseudonym import KeyFileError
from amazing_assets_tests.defs.homes import Home, failure
from amazing_assets_tests.lake.test_shard import TABLES
from amazing_assets_tests.lake.test_table import Things, read, things, write
from amazing_assets_tests.places import free_ports, late_server

MONTH = "2019-10"

# Shorter than any time that has passed: every writer is taken for dead.
NOTHING = timedelta(seconds=-1)


@pytest.fixture
def root(bucket):
    return location_of(f"{bucket.root}/lake")


@pytest.fixture
def lake(root):
    return Lake(root, 4, LocalEngine())


def versions(lake):
    folder = lake.root / ".store" / "things" / "versions" / f"month={MONTH}"
    return {each.path.key.removeprefix(folder.key).split("/")[1] for each in objects.listed(folder)}


def leases(lake):
    return [each for each in objects.listed(lake.root) if each.path.name == NAME]


def draft_of(lake, *numbers):
    draft = lake.draft("things", MONTH, Things)
    draft.add(things(*numbers), "part")
    draft.complete()
    return draft


def test_the_current_version_and_the_one_before_are_kept_and_no_more(lake):
    for number in range(4):
        write(lake, things(number))
    assert len(versions(lake)) == 3
    with lake.draft("things", MONTH, Things):
        assert len(versions(lake)) == 3
    assert len(versions(lake)) == 2
    assert leases(lake) == []


def test_what_is_refused_or_fails_leaves_nothing_behind(lake):
    write(lake, things(1))
    with pytest.raises(ZeroDivisionError), draft_of(lake, 2):
        raise ZeroDivisionError
    with draft_of(lake, 100) as refused, pytest.raises(LakeError, match="breaks its contract"):
        refused.publish()
    assert read(lake).equals(things(1))
    assert len(versions(lake)) == 1


def test_of_two_who_publish_at_once_one_is_read_and_nobody_fails(lake):
    write(lake, things(0))
    drafts = [draft_of(lake, *numbers) for numbers in ((1, 1), (2, 2), (3, 3))]
    with ThreadPoolExecutor(len(drafts)) as together:
        list(together.map(lambda draft: draft.publish(), drafts))
    numbers = read(lake)["number"].to_list()
    assert numbers in ([1, 1], [2, 2], [3, 3])
    write(lake, things(4))
    with lake.draft("things", MONTH, Things):
        pass
    assert len(versions(lake)) == 2
    assert leases(lake) == []


KILLED = """
import os, signal, sys
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.locations import location_of
from amazing_assets_tests.lake.test_bucket import draft_of
draft_of(Lake(location_of(sys.argv[1]), 4, LocalEngine()), 7, 8, 9)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_writer_killed_before_the_switch_leaves_the_month_and_is_swept(lake):
    write(lake, things(1))
    killed = [sys.executable, "-c", KILLED, str(lake.root)]
    assert subprocess.run(killed, check=False).returncode == -9
    assert read(lake).equals(things(1))
    # As long as nobody can know that it is dead it is spared.
    write(lake, things(2))
    assert len(leases(lake)) == 1
    later = versions_of_lake.Version(lake.root / "things", MONTH)
    versions_of_lake.sweep_beside(later, NOTHING)
    assert [each.path for each in leases(lake)] == [later.lease.path]
    later.discard()
    assert len(versions(lake)) == 2
    assert read(lake).equals(things(2))


WRITING = """
import itertools, sys
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.places import location_of
from amazing_assets_tests.lake.test_table import things, write
lake = Lake(location_of(sys.argv[1]), 4, LocalEngine())
print("ready", flush=True)
for number in itertools.count():
    write(lake, things(*[number % 100] * 40))
"""


@pytest.mark.evaluate
def test_writers_killed_at_any_moment_leave_a_whole_month(lake):
    write(lake, things(*[0] * 40))
    moments, seen = random.Random(1), set()  # noqa: S311  no secret
    for _ in range(20):
        command = [sys.executable, "-c", WRITING, str(lake.root)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(moments.uniform(0, 0.3))
            writer.kill()
        numbers = read(lake)["number"].to_list()
        assert len(numbers) == 40
        assert len(set(numbers)) == 1
        seen.add(numbers[0])
    assert len(seen) > 1
    later = versions_of_lake.Version(lake.root / "things", MONTH)
    versions_of_lake.sweep_beside(later, NOTHING)
    later.discard()
    assert leases(lake) == []
    assert len(versions(lake)) == 2
    assert read(lake)["number"].to_list() == numbers


def test_a_writer_that_was_halted_is_told_that_it_was_taken_for_dead(lake):
    write(lake, things(1))
    halted = draft_of(lake, 2)
    later = versions_of_lake.Version(lake.root / "things", MONTH)
    versions_of_lake.sweep_beside(later, NOTHING)
    later.discard()
    with pytest.raises(LakeError, match=r"was taken for dead while it wrote s3://.+; run it again"):
        halted.publish()
    assert read(lake).equals(things(1))


def rewriting(lake, *shards):
    """A version that holds the files of the current one, but those of some shards."""
    version = versions_of_lake.begin(lake.root / "things", MONTH)
    (part,) = side.parts(lake.root / "things", [MONTH])
    for file in part.files:
        if side.shard_of(file) not in shards:
            side.begin_from(version, file)
    return version


def test_a_version_may_begin_from_files_of_the_current_one(lake):
    write(lake, things(*range(8)))
    version = rewriting(lake, 3)
    rows = things(*range(8)).filter(pl.col("user_id") == 3)
    side.write(rows, side.shard_folder(version.folder, 3) / "rows.parquet")
    version.publish()
    assert read(lake)["user_id"].to_list() == [0, 1, 2, 3, 4, 5, 6]
    side.sweep(lake.root / "things", MONTH)
    assert read(lake)["user_id"].to_list() == [0, 1, 2, 3, 4, 5, 6]
    # Of the version before the shards that were taken over, and nothing of the one rewritten.
    files = [each.path for each in objects.listed(lake.root) if each.path.name.endswith("parquet")]
    assert sorted(path.parent.name for path in files) == [f"shard=0{n}" for n in range(4)]


def test_a_part_of_a_month_that_was_made_again_meanwhile_is_not_published(lake):
    write(lake, things(1, 2))
    version = rewriting(lake)
    write(lake, things(3, 4))
    with pytest.raises(LakeError, match="was made again while a part of it was rewritten"):
        version.publish()
    version.discard()
    assert read(lake).equals(things(3, 4))


def test_writers_that_begin_a_lake_at_once_agree_on_its_shards(root):
    barrier = threading.Barrier(4)

    def begin(asked):
        barrier.wait()
        decide_shards(root, asked)
        lake = Lake(root, None, LocalEngine())
        with lake.draft("things", f"2019-1{asked % 3}", Things) as draft:
            draft.add(things(*range(20)), "part")
            draft.complete()
            draft.publish()

    with ThreadPoolExecutor(4) as together:
        list(together.map(begin, (3, 4, 5, 8)))
    lake = Lake(root, None, LocalEngine())
    assert len(lake.months("things")) == 3
    for month in lake.months("things"):
        shards = [lake.shard("things", number, month).collect() for number in range(lake.shards)]
        assert pl.concat(shards)["user_id"].sort().to_list() == list(range(20))


def test_a_lake_that_holds_nothing_is_decided_anew_and_a_lake_that_does_is_not(root):
    assert decide_shards(root, 5) == 5
    assert decide_shards(root, 6) == 6
    write(Lake(root, None, LocalEngine()), things(1))
    assert decide_shards(root, 7) == 6
    assert shards_of(root) == 6


def test_a_lake_keeps_to_the_key_of_its_first_customers(root, tmp_path):
    bind_to_key(root, key_of_lake(root, tmp_path / "key", "first"))
    assert key_of_lake(root, tmp_path / "key", "first") == "first"
    with pytest.raises(KeyFileError, match="was made with another pseudonym key"):
        key_of_lake(root, tmp_path / "key", "second")


def test_a_month_from_bucket_to_bucket_is_the_month_made_at_home(october, bucket, tmp_path):
    here, _ = october
    there = Home(tmp_path, bucket.root, f"{bucket.root}/lake")
    for file in here.landing.iterdir():
        bucket.write(file.name, file.read_bytes())
    shutil.copy(here.key_file, there.key_file)
    assert there.materialize().success
    for table in TABLES:
        assert_frame_equal(
            there.table(table), here.table(table), check_row_order=False, abs_tol=1e-12, rel_tol=0
        )
    assert_frame_equal(there.figures("event_statistics"), here.figures("event_statistics"))


def test_a_server_that_is_away_for_some_seconds_is_waited_for(lake, bucket, monkeypatch):
    write(lake, things(1))
    (port,) = free_ports(1)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{port}")
    begun = time.monotonic()
    with late_server(port, bucket.server.s3, seconds=3):
        assert read(Lake(lake.root, None, LocalEngine())).equals(things(1))
        write(lake, things(2))
    assert time.monotonic() - begun > 3
    assert read_at(bucket.server.address, lake, monkeypatch).equals(things(2))


def read_at(address, lake, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", address)
    return read(lake)


@pytest.mark.evaluate
def test_a_server_that_stays_away_fails_a_run_with_one_sentence(bucket, tmp_path, monkeypatch):
    (port,) = free_ports(1)
    home = Home(tmp_path, None, f"{bucket.root}/lake")
    (home.landing / "2019-Oct.csv").write_text("event_time\n")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{port}")
    said = failure(home.materialize())
    assert said.startswith(f"s3://landing cannot be reached at 127.0.0.1:{port} (no answer); check")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("AWS_ACCESS_KEY_ID", "nobody", "InvalidAccessKeyId); set AWS_ACCESS_KEY_ID"),
        ("AWS_SECRET_ACCESS_KEY", "wrong", "SignatureDoesNotMatch); set AWS_ACCESS_KEY_ID"),
    ],
)
def test_wrong_keys_are_one_sentence_that_holds_none(lake, monkeypatch, name, value, sentence):
    write(lake, things(1))
    monkeypatch.setenv(name, value)
    with pytest.raises(BucketError) as refusal:
        lake.scan("things", MONTH)
    assert str(refusal.value).startswith(f"s3://landing is refused ({sentence}")
    assert value not in str(refusal.value)


def test_an_account_without_keys_is_one_sentence(lake, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(BucketError, match=r"^s3://landing wants credentials and there are none"):
        lake.scan("things", MONTH)


def test_a_bucket_that_is_not_there_is_one_sentence(bucket):
    elsewhere = Lake(BucketPath("nowhere", bucket.prefix), None, LocalEngine())
    sentence = r"^s3://nowhere is refused \(NoSuchBucket\); create the bucket, or correct"
    with pytest.raises(BucketError, match=sentence):
        elsewhere.months("things")


def test_a_large_file_is_written_in_parts_and_read_as_one(root):
    rows = pl.DataFrame({"number": range(2_000_000)}).select(pl.col("number").hash(seed=1))
    side.write(rows, root / "large.parquet")
    (found,) = objects.listed(root)
    assert found.bytes > 10_000_000
    # S3 tells the number of parts in the tag.
    assert int(found.tag.strip('"').rpartition("-")[2]) > 2
    assert side.scan([found.path]).collect().equals(rows)


def test_what_others_are_told_to_read_is_the_published_month(lake):
    write(lake, things(1, 2))
    write(lake, things(3, 4, 5))
    manifest = objects.read(lake.root / ".store" / "things" / f"month={MONTH}.json")
    store = f"{lake.root}/.store/things"
    files = [f"{store}/{file}" for file in pl.read_json(manifest.data)["files"].struct.fields]
    table = pl.scan_parquet(files, hive_partitioning=True, **objects.scan_options(lake.root))
    assert table.select("month", "shard").unique().collect().height == 3
    assert table.select("number").collect()["number"].sort().to_list() == [3, 4, 5]


def test_a_customer_is_taken_out_of_a_month_and_of_its_earlier_versions(lake):
    write(lake, things(*range(8)))
    write(lake, things(*range(8)))

    def without(rows):
        left = rows.filter(pl.col("user_id") != 5).collect()
        return None if left.height == rows.select(pl.len()).collect().item() else left

    assert lake.revise("things", [MONTH], without) == {MONTH: 1}
    assert read(lake)["user_id"].to_list() == [0, 1, 2, 3, 4, 6, 7]
    everything = [each.path for each in objects.listed(lake.root) if "parquet" in each.path.name]
    assert side.scan(everything).filter(pl.col("user_id") == 5).collect().is_empty()
    assert leases(lake) == []


def test_whether_somebody_writes_is_told_when_all_is_swept(lake):
    write(lake, things(1))
    with draft_of(lake, 2):
        assert not side.sweep_all(lake.root / "things")
    assert side.sweep_all(lake.root / "things")
    assert len(versions(lake)) == 1


def test_who_is_left_out_is_written_down_beside_the_tables(root):
    assert erased(root, "key").marks.is_empty()
    with ThreadPoolExecutor(4) as together:
        list(together.map(lambda mark: add_erased(root, [mark]), (9, 7, 8, 7)))
    assert erased(root, "key").marks.to_list() == [7, 8, 9]
    add_objectors(root, [3, 4])
    remove_objectors(root, [4])
    assert objectors(root).to_list() == [3]
    keep_mark_key(root, "key")
    assert mark_key(root, "another") == mark_key(root, "key")
