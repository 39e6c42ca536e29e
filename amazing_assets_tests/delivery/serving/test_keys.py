import json

import pytest

from amazing_assets.delivery.serving.keys import (
    CLASSIFY,
    CUSTOMERS,
    SEGMENTS,
    KeyRing,
    KeysError,
    add_key,
    remove_keys,
)
from amazing_assets_tests.delivery.serving.services import sent


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def test_a_key_is_kept_nowhere_but_as_its_hash(tmp_path):
    file = tmp_path / "keys.json"
    key = add_key(file, "a shop", [CLASSIFY])
    assert key not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert KeyRing(file).find(key).name == "a shop"
    assert KeyRing(file).find(key[:-1]) is None


def test_a_key_is_replaced_while_the_service_runs(tmp_path):
    ring = KeyRing(tmp_path / "keys.json")
    old = add_key(ring.file, "a shop", [CLASSIFY])
    other = add_key(ring.file, "another", [CLASSIFY])
    assert ring.find(old)
    new = add_key(ring.file, "a shop", [CLASSIFY])
    assert ring.find(old)
    assert ring.find(new)
    assert remove_keys(ring.file, "a shop", but_newest=True) == 1
    assert ring.find(old) is None
    assert ring.find(new)
    assert ring.find(other)
    ring.file.unlink()
    assert ring.find(new) is None


def test_a_scope_that_is_none_is_refused(tmp_path):
    for scopes in ([], ["everything"]):
        with pytest.raises(KeysError, match="one or more of classify, customers, segments"):
            add_key(tmp_path / "keys.json", "a shop", scopes)


def test_a_damaged_file_opens_nothing_and_says_so(tmp_path):
    file = tmp_path / "keys.json"
    for text in ("", "{", '[{"name": "a"}]', json.dumps([1])):
        file.write_text(text)
        with pytest.raises(KeysError, match="cannot be read"):
            KeyRing(file).find("amz_key")


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer amz_nothing"}, {"Authorization": "Basic YTpi"}]
)
def test_without_a_valid_key_nothing_is_answered(asked, headers):
    asked_without = {"Authorization": "", **headers}
    answer = asked.post("/classify", json={"events": [sent()]}, headers=asked_without)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("scope", "statuses"),
    [
        (CLASSIFY, [422, 403, 403, 403]),
        (CUSTOMERS, [403, 404, 403, 403]),
        (SEGMENTS, [403, 403, 200, 200]),
    ],
)
def test_a_key_opens_what_its_scope_says(asked, ring, scope, statuses):
    headers = bearer(add_key(ring.file, scope, [scope]))
    answers = [
        asked.post("/classify", json={"events": []}, headers=headers),
        *(asked.get(path, headers=headers) for path in ("/customers/7", "/segments", "/models")),
    ]
    assert [answer.status_code for answer in answers] == statuses


def test_health_and_figures_need_no_key(asked):
    paths = ("/health", "/ready", "/metrics")
    answers = [asked.get(path, headers={"Authorization": ""}) for path in paths]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
