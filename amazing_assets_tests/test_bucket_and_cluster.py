"""A month of everything, from bucket to bucket and by the workers of a cluster, as at home."""

import shutil
from datetime import date

import pytest
from polars.testing import assert_frame_equal

from amazing_assets.cadence import CADENCES
from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets.lake import bucket as in_a_bucket
from amazing_assets.lake import storage
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.locations import BucketPath
from amazing_assets_tests.clusters import cluster
from amazing_assets_tests.commands import amazing

pytestmark = pytest.mark.evaluate


def partitions(lake, tables):
    return {
        (table, key)
        for table in tables
        for cadence in CADENCES
        for key in lake.partitions(table, cadence)
    }


def rows(lake, table, key):
    frame = lake.scan(table, key).collect()
    # Floats last: of two equal rows their last bits would decide the order.
    exact = [name for name, dtype in frame.schema.items() if not dtype.is_float()]
    plain = [name for name in exact if not frame.schema[name].is_nested()]
    return frame.sort(plain, nulls_last=True)


def test_every_table_of_the_lake_is_the_one_made_at_home(bucket, tmp_path):
    world, here, there = tmp_path / "world", tmp_path / "here", tmp_path / "there"
    (tmp_path / "cluster").mkdir()
    generate(world, WorldSettings(customers=300, months=(date(2019, 10, 1),), seed=3))
    (here / "landing").mkdir(parents=True)
    there.mkdir()
    for file in world.glob("*.csv.gz"):
        shutil.copy(file, here / "landing")
        bucket.write(file.name, file.read_bytes())
    with cluster(tmp_path / "cluster") as workers:
        elsewhere = {
            "AMAZING_LANDING": bucket.root,
            "AMAZING_LAKE": f"{bucket.root}/lake",
            "AMAZING_CLUSTER": workers.address,
        }
        for home, more in ((here, {}), (there, elsewhere)):
            run = amazing(home, "run", "--months", "2019-10", **more)
            assert run.returncode == 0, run.stderr
    root = BucketPath.of(f"{bucket.root}/lake")
    ours, theirs = Lake(here / "lake", None, LocalEngine()), Lake(root, None, LocalEngine())
    made = partitions(ours, storage.tables(here / "lake"))
    assert len({table for table, _ in made}) > 8
    assert partitions(theirs, in_a_bucket.tables(root)) == made
    for table, key in sorted(made):
        assert_frame_equal(rows(theirs, table, key), rows(ours, table, key), abs_tol=1e-12)
