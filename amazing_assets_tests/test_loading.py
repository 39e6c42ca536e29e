import gc
import subprocess
import sys

import pytest

from amazing_assets.loading import uncollected

WITHOUT = """
import sys
from amazing_assets.loading import without_pandas
with without_pandas():
    import pandera.polars
print("pandas" in sys.modules)
with without_pandas():
    import pandas
import polars as pl
class Table(pandera.polars.DataFrameModel):
    number: int = pandera.polars.Field(ge=0)
Table.validate(pl.DataFrame({"number": [1]}), lazy=True)
print("pandas" in sys.modules)
"""


def test_what_is_loaded_is_not_looked_through_again_and_what_comes_after_is():
    with uncollected():
        assert not gc.isenabled()
        loaded = [[]]
    assert gc.isenabled()
    assert not any(each is loaded for each in gc.get_objects())
    later = [[]]
    assert any(each is later for each in gc.get_objects())


def test_a_module_that_cannot_be_loaded_leaves_collecting_as_it_was():
    with pytest.raises(ImportError, match="nothing"), uncollected():
        raise ImportError("nothing")
    assert gc.isenabled()


def test_who_collects_nothing_still_collects_nothing():
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_pandera_does_not_load_pandas_and_who_needs_it_does():
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]
