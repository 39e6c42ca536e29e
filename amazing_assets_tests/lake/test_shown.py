import os
import shutil
import signal
import subprocess
import sys

import duckdb
import pandas as pd  # type: ignore[import-untyped]  # its types are a package of their own
import polars as pl
import pyarrow.dataset
import pytest

from amazing_assets_tests.lake.test_table import Things, read, things, versions, write


def spark(table):
    """What Spark would read: it passes over what is named `_` or `.`, and reads all the rest."""
    rows = 0
    for folder, folders, files in os.walk(table, followlinks=True):
        folders[:] = [name for name in folders if name[0] not in "._"]
        rows += sum(pl.read_parquet(f"{folder}/{name}").height for name in files)
    return rows


# The obvious ways in which others read a table: what each is asked, and how many rows it finds.
READERS = {
    "Polars, the folder": lambda table: pl.scan_parquet(table).collect().height,
    "Polars, all files": lambda table: pl.read_parquet(f"{table}/**/*.parquet").height,
    "pyarrow": lambda table: pyarrow.dataset.dataset(table, partitioning="hive").count_rows(),
    "pandas": lambda table: len(pd.read_parquet(table)),
    "DuckDB": lambda table: duckdb.sql(f"select * from '{table}/**/*.parquet'").pl().height,
    "Spark": spark,
}


def counts(lake):
    return {name: count(lake.root / "things") for name, count in READERS.items()}


def every_reader_finds(rows):
    return dict.fromkeys(READERS, rows)


def test_every_obvious_way_to_read_a_table_finds_its_published_months(lake):
    write(lake, things(1, 2, 3))
    write(lake, things(4, 5))
    write(lake, things(6, 7, 8, 9), "2019-11")
    write(lake, things(1), "2019-11")
    with lake.draft("things", "2019-10", Things) as draft:
        draft.add(things(*range(50)), "part")
        assert counts(lake) == every_reader_finds(3)


def test_the_month_is_a_column_of_what_others_read(lake):
    write(lake, things(1, 2, 3))
    write(lake, things(4), "2019-11")
    query = f"select month, count(*) from '{lake.root}/things/**/*.parquet' group by 1 order by 1"
    assert duckdb.sql(query).fetchall() == [("2019-10", 3), ("2019-11", 1)]


def as_before_the_store(lake):
    """A table as earlier versions laid it out: links and versions in its own folder."""
    table, store = lake.root / "things", lake.root / ".store"
    table.unlink()
    shutil.rmtree(store / "things" / ".shown")
    (store / "things").rename(table)
    store.rmdir()


def test_a_table_of_before_the_store_is_read_as_it_lies(lake):
    write(lake, things(1, 2))
    as_before_the_store(lake)
    assert read(lake).equals(things(1, 2))
    assert lake.months("things") == ("2019-10",)
    assert not (lake.root / ".store").exists()


def test_a_table_of_before_the_store_is_moved_there_with_its_next_month(lake):
    write(lake, things(1, 2))
    write(lake, things(3, 4, 5))
    as_before_the_store(lake)
    write(lake, things(6), "2019-11")
    assert counts(lake) == every_reader_finds(4)
    assert read(lake).equals(things(3, 4, 5))
    assert lake.months("things") == ("2019-10", "2019-11")


def test_a_table_of_before_the_store_survives_a_draft_that_is_refused(lake):
    write(lake, things(1, 2))
    as_before_the_store(lake)
    with lake.draft("things", "2019-11", Things) as draft:
        draft.add(things(100), "part")
    assert read(lake).equals(things(1, 2))
    assert counts(lake) == every_reader_finds(2)


def test_a_home_that_was_copied_without_its_links_is_read_and_written(lake, tmp_path):
    write(lake, things(1, 2))
    shutil.copytree(lake.root, tmp_path / "copy")
    shutil.rmtree(lake.root)
    shutil.copytree(tmp_path / "copy", lake.root)
    assert not (lake.root / "things").is_symlink()
    assert read(lake).equals(things(1, 2))
    write(lake, things(3), "2019-11")
    assert counts(lake) == every_reader_finds(3)


def test_what_hidden_folders_held_is_not_needed_where_a_copy_left_them_out(lake, tmp_path):
    write(lake, things(1, 2))
    shutil.copytree(lake.root, tmp_path / "copy", ignore=shutil.ignore_patterns(".*"))
    shutil.rmtree(lake.root)
    shutil.copytree(tmp_path / "copy", lake.root)
    assert read(lake).equals(things(1, 2))
    write(lake, things(3))
    assert counts(lake) == every_reader_finds(1)


@pytest.mark.parametrize("kept", [1, 5])
def test_no_more_is_kept_of_what_was_shown_than_the_one_before(lake, kept):
    for _ in range(kept):
        write(lake, things(1))
    shown = [each for each in (lake.root / ".store/things/.shown").iterdir() if each.is_dir()]
    assert len(shown) == min(kept, 2)


def test_what_a_killed_writer_published_and_did_not_show_is_shown_before_it_is_swept(lake):
    write(lake, things(1))
    program = f"""
import os, signal, sys
from pathlib import Path
from amazing_assets_tests.lake.test_table import things, write
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
# It stops where the tree is made that others are shown, the new version being published.
def stop(event, arguments):
    if event == "os.mkdir" and "/.shown/" in str(arguments[0]):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(stop)
write(Lake(Path({str(lake.root)!r}), 4, LocalEngine()), things(2, 3))
"""
    ended = subprocess.run([sys.executable, "-c", program], check=False).returncode
    assert ended == -signal.SIGKILL
    assert read(lake).equals(things(2, 3))
    assert counts(lake) == every_reader_finds(1)
    with lake.draft("things", "2019-10", Things):
        assert counts(lake) == every_reader_finds(2)
        assert len(versions(lake)) == 2
