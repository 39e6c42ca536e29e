import stat

import polars as pl
import pytest

from amazing_assets.lake.left_out import (
    add_erased,
    add_objectors,
    erased,
    keep_mark_key,
    objectors,
    remove_objectors,
    without,
)
from amazing_assets.pseudonym import mark_key_of, pseudonym_of
from amazing_assets_tests.builders import KEY


def test_lists_hold_everybody_once_in_an_order_that_tells_nothing(tmp_path):
    assert erased(tmp_path, KEY).marks.is_empty()
    add_erased(tmp_path, [9, 3])
    add_erased(tmp_path, [5, 3])
    assert erased(tmp_path, KEY).marks.to_list() == [3, 5, 9]
    file = tmp_path / ".left_out" / "erased"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_objection_is_taken_back_of_who_made_it_alone(tmp_path):
    add_objectors(tmp_path, [7, 8])
    remove_objectors(tmp_path, [7, 99])
    assert objectors(tmp_path).to_list() == [8]
    rows = pl.LazyFrame({"user_id": [7, 8]})
    assert without(rows, objectors(tmp_path)).collect()["user_id"].to_list() == [7]
    assert without(rows, erased(tmp_path, KEY).marks) is rows


@pytest.mark.parametrize("is_rotated", [False, True])
def test_who_is_erased_is_not_kept_and_stays_so_under_another_key(tmp_path, is_rotated):
    mark = pseudonym_of(541312140, mark_key_of(KEY))
    assert mark != pseudonym_of(541312140, KEY)
    add_erased(tmp_path, [mark])
    if is_rotated:
        keep_mark_key(tmp_path, KEY)
    rows = pl.DataFrame({"user_id": [541312140, 7, 541312140]})
    kept = erased(tmp_path, "another" if is_rotated else KEY).without(rows)
    assert kept["user_id"].to_list() == [7]
