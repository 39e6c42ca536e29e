import subprocess
import sys

import pandera.polars as pa
import polars as pl
import pytest

from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.shard import Query
from amazing_assets.lake.storage import LakeError, store_of
from amazing_assets.lake.table import Lake
from amazing_assets.locations import location_of


@pytest.fixture(params=["folder", "bucket"])
def lake(request, tmp_path):
    """An empty lake on either side."""
    if request.param == "folder":
        return Lake(tmp_path / "lake", 4, LocalEngine())
    address = f"{request.getfixturevalue('bucket').root}/lake"
    return Lake(location_of(address), 4, LocalEngine())


in_a_folder = pytest.mark.parametrize("lake", ["folder"], indirect=True)


class Things(pa.DataFrameModel):
    user_id: int = pa.Field(ge=0)
    number: int = pa.Field(lt=100)


def things(*numbers):
    columns = {"user_id": list(range(len(numbers))), "number": list(numbers)}
    return pl.DataFrame(columns, schema={"user_id": pl.Int64, "number": pl.Int64})


def write(lake, frame, month="2019-10"):
    with lake.draft("things", month, Things) as draft:
        draft.add(frame, "part")
        draft.complete()
        draft.publish()


def read(lake, *months):
    return lake.scan("things", *(months or ("2019-10",))).collect().sort("user_id")


def versions(lake):
    return list(store_of(lake.root / "things").glob(".versions/2019-10.*"))


def test_a_month_is_read_as_it_was_written(lake):
    write(lake, things(1, 2, 3, 4, 5))
    assert read(lake).equals(things(1, 2, 3, 4, 5))
    assert lake.months("things") == ("2019-10",)


def test_a_shard_holds_whole_customers(lake):
    write(lake, things(*range(9)))
    for shard in range(lake.shards):
        ids = lake.shard("things", shard, "2019-10").collect()["user_id"]
        assert set(ids) == {i for i in range(9) if i % lake.shards == shard}


@in_a_folder
def test_the_files_lie_where_the_design_says(lake):
    write(lake, things(1, 2))
    assert (lake.root / "things/month=2019-10/shard=01/part.parquet").is_file()
    assert pl.scan_parquet(lake.root / "things/month=2019-10/*/*.parquet").collect().height == 2


def test_a_new_version_replaces_the_month(lake):
    write(lake, things(1, 2, 3))
    write(lake, things(4))
    assert read(lake).equals(things(4))


def test_a_reader_of_the_old_month_is_not_disturbed(lake):
    write(lake, things(1))
    old = lake.scan("things", "2019-10")
    write(lake, things(2))
    assert old.collect().equals(things(1))
    assert read(lake).equals(things(2))


@in_a_folder
def test_an_audit_that_fails_leaves_the_month_as_it_was(lake):
    write(lake, things(1))
    with lake.draft("things", "2019-10", Things) as draft:
        draft.add(things(100, 2, 101), "part")
        (fault,) = draft.find_faults()
        assert (fault.column, fault.rows, fault.example) == ("number", 2, "100")
        with pytest.raises(LakeError, match="breaks its contract"):
            draft.publish()
    assert read(lake).equals(things(1))
    assert len(versions(lake)) == 1


@in_a_folder
def test_an_error_while_writing_leaves_nothing_behind(lake):
    def fail(_shard):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), lake.draft("things", "2019-10", Things) as draft:
        draft.fill(fail)
    assert lake.months("things") == ()
    assert versions(lake) == []


@in_a_folder
def test_what_a_killed_process_left_is_swept_and_a_living_draft_is_not(lake):
    program = f"""
import os, signal, polars as pl
from pathlib import Path
from amazing_assets_tests.lake.test_table import Things, things
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.locations import location_of
draft = Lake(Path({str(lake.root)!r}), 4, LocalEngine()).draft("things", "2019-10", Things)
draft.add(things(1), "part")
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == -9
    assert len(versions(lake)) == 1
    with lake.draft("things", "2019-10", Things):
        assert len(versions(lake)) == 1
        write(lake, things(2))
        assert len(versions(lake)) == 2
    assert read(lake).equals(things(2))


def test_a_lake_never_mixes_two_numbers_of_shards(lake):
    write(lake, things(1, 2))
    with pytest.raises(LakeError, match="has 4 shards, AMAZING_SHARDS says 8"):
        Lake(lake.root, 8, LocalEngine())


def test_a_month_that_is_not_there_is_one_clear_sentence(lake):
    with pytest.raises(LakeError, match="The lake has no 2019-10 of things; materialize things"):
        lake.scan("things", "2019-10")


def test_shards_without_rows_can_be_read(lake):
    write(lake, things())
    assert read(lake).schema == {"user_id": pl.Int64, "number": pl.Int64}


def test_faults_of_all_shards_add_up_however_small_the_shards(lake):
    with lake.draft("things", "2019-10", Things) as draft:
        draft.fill(lambda shard: things(99 + shard.number, 1).lazy())
        (fault,) = draft.find_faults()
        assert (draft.rows, fault.rows, fault.example) == (8, 3, "100")


class ThingsOfToday(Things):
    colour: str


def knowing(lake, contract):
    return Lake(lake.root, lake.shards, LocalEngine(), {"things": contract})


def test_a_partition_of_an_earlier_version_says_which_month_is_to_be_made_again(lake):
    write(lake, things(1, 2))
    today = knowing(lake, ThingsOfToday)
    sentence = (
        r"^things 2019-10 was made by another version of the platform \(other columns: colour\); "
        r"`amazing run --months 2019-10` makes it again\.$"
    )
    with pytest.raises(LakeError, match=sentence):
        today.scan("things", "2019-10")
    with pytest.raises(LakeError, match=sentence):
        today.shard("things", 0, "2019-10")
    with pytest.raises(LakeError, match=sentence):
        list(today.map(Query(pl.LazyFrame.collect, ("things",), ("2019-10",))))
    assert not today.is_current("things", "2019-10")


def test_a_partition_that_has_the_columns_of_its_contract_is_current(lake):
    write(lake, things(1, 2))
    assert knowing(lake, Things).is_current("things", "2019-10")
    assert not knowing(lake, Things).is_current("things", "2019-11")
    assert lake.is_current("things", "2019-10")
    assert read(knowing(lake, Things)).equals(things(1, 2))
