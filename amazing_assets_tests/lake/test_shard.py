"""What an engine maps over shards reaches another process, and comes to the same there."""

import shutil

import pytest
from polars.testing import assert_frame_equal

from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.storage import LakeError
from amazing_assets.lake.table import Lake
from amazing_assets.segments.profiles.profiles import tastes_by_shard
from amazing_assets_tests.defs.homes import SHARDS, Home
from amazing_assets_tests.lake.travelling import TravellingEngine, TravellingLakeResource
from amazing_assets_tests.segmented import MONTHS

TABLES = ("clean_events", "sessions", "user_products", "price_book", "user_features")


def test_a_month_made_elsewhere_is_the_month_made_here(october, tmp_path):
    here, _ = october
    there = Home(tmp_path)
    for file in here.landing.iterdir():
        shutil.copy(file, there.landing)
    shutil.copy(here.landing.parent / "pseudonym.key", tmp_path)
    there.resources["lake"] = TravellingLakeResource(root=str(there.lake.root), shards=SHARDS)
    assert there.materialize().success
    for table in TABLES:
        assert_frame_equal(there.table(table), here.table(table), check_row_order=False)
    assert_frame_equal(there.figures("event_statistics"), here.figures("event_statistics"))


def test_tastes_counted_elsewhere_are_those_counted_here(home_with_segments):
    root, month = home_with_segments.lake.root, MONTHS[1]
    groups = home_with_segments.figures("segment_assignments", month)
    here, there = (
        list(tastes_by_shard(Lake(root, SHARDS, engine), groups, month))
        for engine in (LocalEngine(), TravellingEngine())
    )
    assert len(here) == SHARDS
    for counted, again in zip(here, there, strict=True):
        assert_frame_equal(counted, again, check_row_order=False)


def test_a_refusal_of_a_task_comes_back_as_it_was_said(lake):
    travelling = Lake(lake.root, lake.shards, TravellingEngine())
    with pytest.raises(LakeError, match="The lake has no 2019-10 of things; materialize things"):
        travelling.map(_Missing())


class _Missing:
    def __call__(self, shard):
        return shard.scan("things", "2019-10").collect()
