import polars as pl
import pytest

from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.sharding import decide_shards, shards_for, shards_of
from amazing_assets.lake.storage import LakeError
from amazing_assets.lake.table import Lake
from amazing_assets_tests.lake.test_table import Things, read, things, write


def lake_of(folder, shards=None):
    return Lake(folder / "lake", shards, LocalEngine())


@pytest.mark.parametrize(
    ("events", "shards"),
    [
        (0, 4),
        (100_000, 4),
        (4_999_999, 4),
        (9_600_000, 9),
        (42_000_000, 42),
        (67_000_000, 64),
        (10**10, 64),
    ],
)
def test_a_shard_has_a_million_events_between_4_and_64_shards(events, shards):
    assert shards_for(events) == shards


def test_the_first_month_decides_and_the_lake_keeps_the_number_for_ever(tmp_path):
    lake = lake_of(tmp_path)
    lake.expect(9_600_000)
    write(lake, things(*range(40)))
    lake.expect(42_000_000)
    later = lake_of(tmp_path)
    later.expect(100)
    write(later, things(*range(40)), "2019-11")
    assert (lake.shards, later.shards, shards_of(later.root)) == (9, 9, 9)
    for month in ("2019-10", "2019-11"):
        ids = later.shard("things", 8, month).collect()["user_id"]
        assert sorted(ids) == [8, 17, 26, 35]


def test_a_lake_of_before_keeps_its_32_shards(tmp_path):
    write(lake_of(tmp_path, 32), things(1, 2, 3))
    lake = lake_of(tmp_path)
    lake.expect(100)
    assert lake.shards == 32


def test_a_number_that_is_asked_for_goes_before_the_size_of_the_month(tmp_path):
    lake = lake_of(tmp_path, 2)
    lake.expect(42_000_000)
    assert lake.shards == 2


def test_a_lake_with_rows_refuses_another_number(tmp_path):
    lake = lake_of(tmp_path)
    lake.expect(9_600_000)
    write(lake, things(1))
    with pytest.raises(
        LakeError, match="has 9 shards, AMAZING_SHARDS says 8; set AMAZING_SHARDS=9"
    ):
        lake_of(tmp_path, 8)


def test_a_month_that_was_refused_does_not_bind_the_next_one(tmp_path):
    lake = lake_of(tmp_path)
    lake.expect(9_600_000)
    with lake.draft("things", "2019-10", Things) as draft:
        draft.add(things(100), "part")
    lake.expect(42_000_000)
    assert lake.shards == 42
    assert lake_of(tmp_path, 8).shards == 8


def test_two_months_that_land_at_once_are_cut_alike(tmp_path):
    first, second = lake_of(tmp_path), lake_of(tmp_path)
    first.expect(9_600_000)
    with first.draft("things", "2019-10", Things) as draft:
        second.expect(42_000_000)
        write(second, things(*range(20)), "2019-11")
        draft.add(things(*range(20)), "part")
        draft.complete()
        draft.publish()
    assert second.shards == 9
    assert read(second, "2019-10", "2019-11").height == 40
    assert second.shard("things", 0, "2019-10", "2019-11").collect()["user_id"].n_unique() == 3


def test_a_lake_written_without_a_word_on_its_size_remembers_its_number(tmp_path):
    write(lake_of(tmp_path), things(1, 2))
    assert shards_of(tmp_path / "lake") == 4
    with pytest.raises(LakeError, match="has 4 shards"):
        lake_of(tmp_path, 8)


def test_looking_at_a_lake_decides_nothing(tmp_path):
    assert lake_of(tmp_path).months("things") == ()
    assert not (tmp_path / "lake").exists()


def test_a_number_half_written_by_a_killed_process_is_written_again(tmp_path):
    (tmp_path / "shards").touch()
    assert shards_of(tmp_path) is None
    assert decide_shards(tmp_path, 7) == 7
    assert shards_of(tmp_path) == 7


def test_however_many_shards_the_rows_are_the_same(tmp_path):
    frame = things(*range(50))
    found = []
    for shards in (1, 4, 9):
        lake = Lake(tmp_path / f"lake {shards}", shards, LocalEngine())
        write(lake, frame)
        found.append(read(lake))
    assert [each.equals(frame) for each in found] == [True] * 3
    assert isinstance(found[0], pl.DataFrame)
