from contextlib import closing

import duckdb
import pytest

from amazing_assets.defs.resources.privacy import privacy_resource
from amazing_assets.defs.resources.readable import copied_from, one_copy
from amazing_assets.defs.resources.stores import open_lake
from amazing_assets.settings import load_settings
from amazing_assets.warehouse.warehouse import copy_of

ROWS = "select user_id from amazing.scores_of_before order by all"


@pytest.fixture
def settings(tmp_path):
    """A home whose warehouse knows two customers."""
    made = load_settings({"AMAZING_HOME": str(tmp_path)})
    change(made, "create schema amazing")
    change(made, "create table amazing.scores_of_before as select range as user_id from range(2)")
    return made


def change(settings, statement):
    with closing(duckdb.connect(str(settings.warehouse))) as warehouse:
        warehouse.execute(statement)


def shown(settings):
    with closing(duckdb.connect(str(copy_of(settings.warehouse)), read_only=True)) as copy:
        return copy.execute(ROWS).fetchall()


def test_who_is_forgotten_between_runs_that_share_a_copy_leaves_it_at_once(settings):
    stores = privacy_resource(settings).open(open_lake(settings), pytest.fail)
    copied = copied_from(settings)
    with one_copy(pytest.fail, seconds=3_600):
        copied.refresh(pytest.fail)
        change(settings, "delete from amazing.scores_of_before where user_id = 1")
        copied.refresh(pytest.fail)
        assert shown(settings) == [(0,), (1,)]
        stores.refresh()
        assert shown(settings) == [(0,)]
