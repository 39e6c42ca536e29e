import hashlib
import hmac
import stat

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazing_assets.pseudonym import (
    KeyFileError,
    fingerprint_of,
    make_key,
    pseudonym_of,
    pseudonyms,
    read_key,
)

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
    make_key(file)
    key = read_key(file)
    assert len(key) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    make_key(file)
    assert read_key(file) == key
    assert list(file.parent.iterdir()) == [file]


def test_an_empty_key_file_is_refused(tmp_path):
    (tmp_path / "pseudonym.key").write_text(" \n")
    with pytest.raises(KeyFileError, match="is empty; restore it"):
        read_key(tmp_path / "pseudonym.key")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda file: file.mkdir(), "Is a directory"),
        (lambda file: file.symlink_to("nowhere"), "No such file"),
        (lambda file: file.write_bytes(b"\xff\xfe\x00"), "it is no text"),
    ],
)
def test_a_key_file_that_cannot_be_read_is_one_sentence(tmp_path, spoil, reason):
    file = tmp_path / "pseudonym.key"
    spoil(file)
    with pytest.raises(KeyFileError, match=rf"cannot be read \({reason}.*\); restore it"):
        read_key(file)


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_fingerprint_tells_keys_apart_and_holds_nothing_of_them(one, other):
    assert (fingerprint_of(one) == fingerprint_of(other)) == (one == other)
    assert len(fingerprint_of(one)) == 16
    # No customer's pseudonym gives it away: what it hashes is no id.
    assert int(fingerprint_of(one), 16) >> 1 != pseudonym_of(0, one)
