"""Whether a peer's columns are those of `user_features`: fails, and names the first that is not.

python -m benchmarks.equality HOME MONTH PEER.parquet
"""

import sys
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from amazing_assets.defs.resources.stores import open_lake
from amazing_assets.pseudonym import pseudonyms, read_key
from amazing_assets.settings import Settings, load_settings
from benchmarks.peers.columns import COLUMNS


def main() -> None:
    """Compare."""
    home, month, file = sys.argv[1:]
    compare(load_settings({"AMAZING_HOME": home}), month, Path(file))


def compare(settings: Settings, month: str, file: Path) -> None:
    """Check that a peer's columns are those of a month.

    Raises:
        AssertionError: They are not; it names the first that differs.
    """
    ours = open_lake(settings).scan("user_features", month).select(COLUMNS).collect()
    theirs = as_ours(pl.read_parquet(file), read_key(settings.key_file), ours.schema)
    assert_frame_equal(theirs, ours, check_row_order=False, rel_tol=1e-9, abs_tol=1e-12)


def as_ours(theirs: pl.DataFrame, key: str, schema: pl.Schema) -> pl.DataFrame:
    """Return a peer's columns with our pseudonyms and types."""
    known = pseudonyms(theirs["user_id"], key)
    return (
        theirs.join(known, on="user_id", validate="1:1")
        .drop("user_id")
        .rename({"pseudonym": "user_id"})
        .with_columns(pl.col("last_purchase").dt.replace_time_zone("UTC"))
        .select(schema.names())
        .cast(schema)
    )


if __name__ == "__main__":
    main()
