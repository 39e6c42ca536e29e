import os

from amazing_assets.defs.assets import events
from amazing_assets.defs.resources.stores import LakeResource
from amazing_assets.lake.sharding import shards_of
from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.defs.homes import Home

LANDED = [events.landed_events, events.clean_events]


def home_without_shards(folder):
    home = Home(folder)
    home.resources["lake"] = LakeResource(root=str(folder / "new"))
    return home, folder / "new"


def test_a_first_month_decides_the_shards_and_a_larger_one_finds_them(tmp_path):
    home, lake = home_without_shards(tmp_path)
    landed(home.landing, line(), line(user_id="541312141"))
    assert home.materialize(assets=LANDED).success
    os.truncate(landed(home.landing, name="2019-Nov.csv"), 1_300_000_000)
    assert not home.materialize("2019-11", LANDED).success
    assert shards_of(lake) == 4
    tables = LakeResource(root=str(lake)).open()
    assert tables.scan("clean_events", "2019-10").collect().height == 2
    assert len(list((lake / "clean_events/month=2019-10").glob("shard=*"))) == 4


def test_the_size_of_a_month_tells_its_shards_before_it_is_read(tmp_path):
    home, lake = home_without_shards(tmp_path)
    # A file with a hole, which is refused: only its size was looked at.
    os.truncate(landed(home.landing), 1_300_000_000)
    assert not home.materialize(assets=LANDED).success
    assert shards_of(lake) == 10
    landed(home.landing, line())
    assert home.materialize(assets=LANDED).success
    assert shards_of(lake) == 4
