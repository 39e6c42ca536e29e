import stat

import polars as pl

from amazing_assets.lake.left_out import (
    add_erased,
    add_objectors,
    erased_marks,
    objectors,
    remove_objectors,
    without,
)


def test_lists_hold_everybody_once_in_an_order_that_tells_nothing(tmp_path):
    assert erased_marks(tmp_path).is_empty()
    add_erased(tmp_path, [9, 3])
    add_erased(tmp_path, [5, 3])
    assert erased_marks(tmp_path).to_list() == [3, 5, 9]
    file = tmp_path / ".left_out" / "erased"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_objection_is_taken_back_of_who_made_it_alone(tmp_path):
    add_objectors(tmp_path, [7, 8])
    remove_objectors(tmp_path, [7, 99])
    assert objectors(tmp_path).to_list() == [8]
    rows = pl.LazyFrame({"user_id": [7, 8]})
    assert without(rows, objectors(tmp_path)).collect()["user_id"].to_list() == [7]
    assert without(rows, erased_marks(tmp_path)) is rows
