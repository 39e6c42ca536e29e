"""What other programs read: a table's folder in which nothing lies but its published partitions.

`<root>/<table>/month=2019-10/shard=07/*.parquet`, or `week=2019-10-01` of a weekly table. Polars,
pandas, pyarrow, DuckDB and Spark read such a folder, or `**/*.parquet` of it, and the first four
take everything that lies in it, hidden or not. DuckDB enters no folder that is a link, so that
folders are true ones, and files are links into the store. The table's folder itself is a link that
is replaced by a rename: who lists it finds all partitions of before, or all of now.
"""

from __future__ import annotations

import os
import shutil
import uuid
from contextlib import closing
from typing import TYPE_CHECKING

from amazing_assets.cadence import CADENCES
from amazing_assets.lake.lock import hold

if TYPE_CHECKING:
    from pathlib import Path

_TREES = ".shown"


def show(store: Path, table: Path) -> None:
    """Have a table's folder show the versions to which the links of its store lead.

    Args:
        store: Holds a link for each partition.
        table: The folder that is shown.
    """
    trees = store / _TREES
    trees.mkdir(exist_ok=True)
    # Months of a table may be published at once, and each shows all of them.
    with closing(hold(trees / "lock")):
        before = os.path.realpath(table)
        tree = trees / uuid.uuid4().hex[:12]
        tree.mkdir()
        for cadence in CADENCES:
            for partition in store.glob(f"{cadence.folder('')}*"):
                _link_files(partition.resolve(), tree / partition.name)
        _switch(table, tree)
        _sweep(trees, {before, str(tree)})


def is_shown(table: Path, partition: str, version: Path) -> bool:
    """Whether a partition of a table's folder shows the files of a version."""
    file = next((table / partition).glob("*/*.parquet"), None)
    return file is not None and version in file.resolve().parents


def _link_files(version: Path, folder: Path) -> None:
    for file in version.glob("shard=*/*.parquet"):
        shard = folder / file.parent.name
        shard.mkdir(parents=True, exist_ok=True)
        (shard / file.name).symlink_to(os.path.relpath(file, shard))


def _switch(table: Path, tree: Path) -> None:
    if table.is_dir() and not table.is_symlink():
        # Some programs that copy a home put in place of a link what it leads to.
        table.rename(tree.with_suffix(".copied"))
    link = tree.with_suffix(".link")
    link.symlink_to(os.path.relpath(tree, table.parent))
    link.replace(table)


def _sweep(trees: Path, kept: set[str]) -> None:
    """Delete what was shown earlier; somebody may be listing what was shown last."""
    for left in trees.iterdir():
        if left.is_symlink():
            left.unlink()
        elif left.is_dir() and os.path.realpath(left) not in kept:
            shutil.rmtree(left, ignore_errors=True)
