from pathlib import Path

import pytest

from amazing_assets.settings import SettingsError, alert_webhook, load_settings


def test_everything_lies_in_the_home_unless_set(tmp_path):
    settings = load_settings({"AMAZING_HOME": str(tmp_path), "AMAZING_LANDING": "/landing"})
    assert settings.lake == tmp_path / "lake"
    assert settings.warehouse == tmp_path / "warehouse.duckdb"
    assert settings.landing == Path("/landing")
    assert settings.shards == 32
    assert settings.mlflow_tracking_uri == f"sqlite:///{tmp_path}/mlflow.db"


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("AMAZING_ENVIRONMENT", "staging", "local, production"),
        ("AMAZING_SHARDS", "0", "1 to 256"),
        ("AMAZING_SHARDS", "many", "1 to 256"),
        ("AMAZING_FIRST_MONTH", "2019-13", "2019-10"),
        ("AMAZING_WEB_UI", "dagster.example.com", "https://dagster"),
        ("AMAZING_LAKE", "ftp://lake", "local folder"),
    ],
)
def test_a_wrong_value_is_answered_with_the_accepted_ones(name, value, accepted):
    with pytest.raises(SettingsError, match=f"{name}={value} is not accepted.*{accepted}"):
        load_settings({name: value})


@pytest.mark.parametrize(
    "address", ["hooks.example.com/s3cret", "ftp://s3cret", "http://:1/s3cret"]
)
def test_a_wrong_webhook_is_refused_at_start_and_not_repeated(address):
    with pytest.raises(SettingsError, match="AMAZING_ALERT_WEBHOOK is not accepted") as raised:
        load_settings({"AMAZING_ALERT_WEBHOOK": address})
    assert "s3cret" not in str(raised.value)


def test_without_a_webhook_there_is_none():
    assert alert_webhook({"AMAZING_ALERT_WEBHOOK": ""}) is None
