from pathlib import Path

import pytest

from amazing_assets.settings import SettingsError, load_settings


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
        ("AMAZING_SETTLE_SECONDS", "3 min", "whole number of seconds"),
        ("AMAZING_LAKE", "ftp://lake", "local folder"),
    ],
)
def test_a_wrong_value_is_answered_with_the_accepted_ones(name, value, accepted):
    with pytest.raises(SettingsError, match=f"{name}={value} is not accepted.*{accepted}"):
        load_settings({name: value})
