"""Partitions are deleted with every version there is of them, in a folder and in a bucket."""

import pytest

from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.sides import side_of
from amazing_assets.lake.storage import LakeError
from amazing_assets.lake.table import Lake
from amazing_assets.locations import BucketPath, location_of
from amazing_assets_tests.lake.test_table import Things, read, things

FIRST, SECOND = "2019-10", "2019-11"


def write(lake, month, *numbers):
    with lake.draft("things", month, Things) as draft:
        draft.add(things(*numbers), "part")
        draft.complete()
        draft.publish()


def assert_one_goes_and_the_other_stays(lake):
    write(lake, FIRST, 1, 2)
    write(lake, FIRST, 1, 2, 3)
    write(lake, SECOND, 4)
    before = read(lake, SECOND)
    lake.remove("things", [FIRST])
    assert lake.months("things") == (SECOND,)
    assert read(lake, SECOND).equals(before)
    with pytest.raises(LakeError, match=FIRST):
        lake.scan("things", FIRST)
    lake.remove("things", [FIRST])
    assert side_of(lake.root).sweep_all(lake.root / "things")


def test_a_month_in_a_folder_goes_with_its_earlier_versions(tmp_path):
    lake = Lake(tmp_path / "lake", 2, LocalEngine())
    assert_one_goes_and_the_other_stays(lake)
    left = {each.name.partition(".")[0] for each in tmp_path.rglob(".versions/*")}
    assert left == {SECOND}
    assert [each.name for each in (tmp_path / "lake" / "things").iterdir()] == [f"month={SECOND}"]


def test_a_month_in_a_bucket_goes_with_its_earlier_versions(bucket):
    from amazing_assets.lake import objects  # noqa: PLC0415  obstore, only here

    root = location_of(f"{bucket.root}/lake")
    assert isinstance(root, BucketPath)
    lake = Lake(root, 2, LocalEngine())
    assert_one_goes_and_the_other_stays(lake)
    store = root / ".store" / "things"
    assert [each for each in objects.listed(store) if FIRST in each.path.key] == []
