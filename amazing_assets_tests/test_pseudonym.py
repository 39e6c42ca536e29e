import hashlib
import hmac
import stat

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazing_assets.pseudonym import KeyFileError, pseudonym_of, pseudonyms, read_key

IDS = st.integers(-(2**63), 2**63 - 1)


@given(st.lists(IDS, max_size=20), st.text(min_size=1, max_size=200))
def test_a_pseudonym_is_the_keyed_hash_of_the_contract(ids, key):
    found = dict(pseudonyms(pl.Series(ids, dtype=pl.Int64), key).iter_rows())
    assert found == {
        i: int.from_bytes(hmac.new(key.encode(), str(i).encode(), hashlib.sha256).digest()[:8]) >> 1
        for i in ids
    }
    assert found == {i: pseudonym_of(i, key) for i in ids}


def test_the_key_is_made_once_and_is_nobody_elses(tmp_path):
    file = tmp_path / "home" / "pseudonym.key"
    key = read_key(file)
    assert len(key) == 64
    assert read_key(file) == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_empty_key_file_is_refused(tmp_path):
    (tmp_path / "pseudonym.key").touch()
    with pytest.raises(KeyFileError, match="is empty; restore it"):
        read_key(tmp_path / "pseudonym.key")
