from dataclasses import replace

import pytest

from amazing_assets.settings import (
    SettingsError,
    alert_webhook,
    demo_environment,
    load_settings,
    pseudonym_key,
)


def test_everything_lies_in_the_home_unless_set(tmp_path):
    settings = load_settings({"AMAZING_HOME": str(tmp_path), "AMAZING_LANDING": "/landing"})
    assert settings.lake == tmp_path / "lake"
    assert settings.warehouse == tmp_path / "warehouse.duckdb"
    assert settings.landing == "/landing"
    assert settings.shards == 32
    assert settings.mlflow_tracking_uri == f"sqlite:///{tmp_path}/mlflow.db"


def test_nothing_of_the_demo_lies_outside_of_its_home_whatever_is_set(tmp_path):
    inside = demo_environment(
        {
            "AMAZING_HOME": str(tmp_path),
            "AMAZING_LANDING": "s3://landing",
            "AMAZING_LAKE": "/lake",
            "AMAZING_WAREHOUSE": "/warehouse.duckdb",
            "AMAZING_PSEUDONYM_KEY": "the key of the marketplace",
            "MLFLOW_TRACKING_URI": "https://mlflow.example.com",
            "AMAZING_SHARDS": "4",
        }
    )
    settings, home = load_settings(inside), tmp_path / "demo"
    assert settings == replace(load_settings({"AMAZING_HOME": str(home)}), shards=4)
    assert settings.landing == str(home / "landing")
    assert settings.key_file == home / "pseudonym.key"
    assert pseudonym_key(inside) is None


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("AMAZING_SHARDS", "0", "1 to 256"),
        ("AMAZING_SHARDS", "many", "1 to 256"),
        ("AMAZING_FIRST_MONTH", "2019-13", "2019-10"),
        ("AMAZING_WEB_UI", "dagster.example.com", "https://dagster"),
        ("AMAZING_SETTLE_SECONDS", "3 min", "whole number of seconds"),
        ("AMAZING_LAKE", "ftp://lake", "local folder"),
        ("AMAZING_LANDING", "ftp://landing", "s3://bucket/prefix"),
        ("AMAZING_LANDING", "s3://", "s3://bucket/prefix"),
        ("AMAZING_LANDING", "s3:///prefix", "s3://bucket/prefix"),
        ("AMAZING_LANDING", "s3://Bucket_1/prefix", "s3://bucket/prefix"),
    ],
)
def test_a_wrong_value_is_answered_with_the_accepted_ones(name, value, accepted):
    with pytest.raises(SettingsError, match=f"{name}={value} is not accepted.*{accepted}"):
        load_settings({name: value})


def test_a_key_of_nothing_but_blanks_is_refused():
    with pytest.raises(SettingsError, match="AMAZING_PSEUDONYM_KEY is blank; set it to the key"):
        pseudonym_key({"AMAZING_PSEUDONYM_KEY": " \n"})
    # As it was given: to take a blank away would make another key of it.
    assert pseudonym_key({"AMAZING_PSEUDONYM_KEY": "key\n"}) == "key\n"


@pytest.mark.parametrize(
    "address", ["hooks.example.com/s3cret", "ftp://s3cret", "http://:1/s3cret"]
)
def test_a_wrong_webhook_is_refused_at_start_and_not_repeated(address):
    with pytest.raises(SettingsError, match="AMAZING_ALERT_WEBHOOK is not accepted") as raised:
        load_settings({"AMAZING_ALERT_WEBHOOK": address})
    assert "s3cret" not in str(raised.value)


def test_without_a_webhook_there_is_none():
    assert alert_webhook({"AMAZING_ALERT_WEBHOOK": ""}) is None


@pytest.mark.parametrize("address", ["s3://landing", "s3://landing/in", "s3://a.b-c/shop/in"])
def test_files_may_land_in_a_bucket(address):
    assert load_settings({"AMAZING_LANDING": address}).landing == address
    assert load_settings({"AMAZING_LANDING": f"{address}/"}).landing == address


def test_keys_in_an_address_are_not_repeated():
    with pytest.raises(SettingsError) as refused:
        load_settings({"AMAZING_LANDING": "s3://lab:lab/secret@landing/in"})
    assert "AMAZING_LANDING=s3://***@landing/in is not accepted" in str(refused.value)
