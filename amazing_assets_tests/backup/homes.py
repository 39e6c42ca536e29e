"""Small homes of real parts: a lake, a warehouse, databases, a key, and a list of all of it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl

from amazing_assets.backup.archive import About, write_archive
from amazing_assets.backup.contents import entries, places_of
from amazing_assets.backup.restoring import restore_archive
from amazing_assets.backup.snapshot import snapshot
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.settings import load_settings
from amazing_assets_tests.lake.test_table import Things, things


def home_at(folder, **elsewhere):
    """A home as its settings have it; what lies elsewhere is given as a setting."""
    return places_of(load_settings({"AMAZING_HOME": str(folder), **elsewhere}))


def filled(places):
    """Put into a home two versions of a month, a table, models, reports and what stays out."""
    lake = Lake(places.of("lake"), 2, LocalEngine())
    for numbers in ((1, 2, 3), (4, 5)):
        with lake.draft("things", "2019-10", Things) as draft:
            draft.add(things(*numbers), "part")
            draft.complete()
            draft.publish()
    with duckdb.connect(str(places.of("warehouse.duckdb"))) as warehouse:
        warehouse.execute("create table figures as select 7 as number")
    with closing(sqlite3.connect(places.of("mlflow.db"), isolation_level=None)) as models:
        models.execute("create table versions (number int)")
        models.execute("insert into versions values (1)")
    for name, text in {
        "pseudonym.key": "the key",
        "pseudonym.key.before": "the key before",
        "landing/2019-Oct.csv": "ids of the shop",
        "logs/fault.txt": "a traceback",
        "artifacts/segment_names.json": "{}",
        "reports/2019-10/report.html": "a report",
    }.items():
        file = places.home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return places


def backed_up(places, file, *, with_key=False):
    with TemporaryDirectory(dir=file.parent) as copies:
        found = snapshot(entries(places, with_key=with_key), Path(copies))
        write_archive(file, found, About.of(found, has_key=with_key), lambda _: None)
    return file


def restored(file, places):
    return restore_archive(file, places, lambda _: None)


def held_by(folder):
    return sorted(path.name for path in folder.iterdir())


def tree(folder):
    """Every path below a folder, and what is there: where a link leads, or what a file holds."""
    paths = {str(path.relative_to(folder)): path for path in folder.rglob("*")}
    return {name: content(path) for name, path in paths.items()}


def content(path):
    if path.is_symlink():
        return path.readlink()
    return path.read_bytes() if path.is_file() else None


def rows(lake_root):
    lake = Lake(lake_root, None, LocalEngine())
    return lake.scan("things", "2019-10").collect().sort("user_id")


def figures(file):
    with duckdb.connect(str(file), read_only=True) as warehouse:
        return warehouse.execute("select * from figures").pl()


def versions(file):
    with closing(sqlite3.connect(file)) as models:
        return models.execute("select number from versions order by 1").fetchall()


def emptied(places):
    """Lose a home, but for its key."""
    shutil.rmtree(places.home)
    places.home.mkdir()
    (places.home / "pseudonym.key").write_text("the key")
    return places


LAST = pl.DataFrame({"user_id": [0, 1], "number": [4, 5]})
