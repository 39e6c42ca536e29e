from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import available_timezones

import polars as pl
import pytest

from amazing_assets.errors import quoted
from amazing_assets.locations import BucketPath
from amazing_assets.places import Server
from amazing_assets.settings import (
    alert_webhook,
    aws_variables,
    demo_environment,
    load_settings,
    pseudonym_key,
    secrets,
    warehouse_password,
)
from amazing_assets.variables import SettingsError

SUMMER, WINTER = datetime(2019, 7, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)


def test_everything_lies_in_the_home_unless_set(tmp_path):
    settings = load_settings({"AMAZING_HOME": str(tmp_path), "AMAZING_LANDING": "/landing"})
    assert settings.lake == tmp_path / "lake"
    assert settings.warehouse == tmp_path / "warehouse.duckdb"
    assert settings.landing == "/landing"
    assert settings.shards is None
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
            "AMAZING_CLUSTER": "tcp://scheduler:8786",
            "AMAZING_MARKETS": "US,DE",
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
        ("AMAZING_REPORTS_URL", "s3://bucket/reports", "https://reports"),
        ("AMAZING_SETTLE_SECONDS", "3 min", "whole number of seconds"),
        ("AMAZING_LAKE", "ftp://lake", "local folder"),
        ("AMAZING_LAKE", "s3://B/lake", "s3://bucket/prefix"),
        ("AMAZING_CLUSTER", "scheduler:8786", "tcp://scheduler:8786"),
        ("AMAZING_CLUSTER", "http://scheduler:8786", "tls://scheduler:8786"),
        ("AMAZING_CLUSTER", "tcp://scheduler:99999", "tcp://scheduler:8786"),
        ("AMAZING_TIME_ZONE", "europe/paris", "such as Europe/Paris"),
        ("AMAZING_TIME_ZONE", "MEZ", "such as Europe/Paris"),
        ("AMAZING_TIME_ZONE", "localtime", "such as Europe/Paris"),
        ("AMAZING_TIME_ZONE", "../etc/passwd", "such as Europe/Paris"),
        ("AMAZING_HOLDOUT", "5%", "from 0 to 0.5"),
        ("AMAZING_HOLDOUT", "0.6", "from 0 to 0.5"),
        ("AMAZING_RETENTION", "raw_events=0", "raw_events=24,runs=12"),
        ("AMAZING_RETENTION", "events=12", "clean_events, features, scores"),
        ("AMAZING_RETENTION", "runs=12,runs=6", "each once"),
        ("AMAZING_RETRAIN", "now", "use schedule or at_once"),
        ("AMAZING_REQUESTS", "http://bucket/requests", "or an address such as s3://bucket/prefix"),
        ("AMAZING_WAREHOUSE", "a#b", "another folder"),
        ("AMAZING_WAREHOUSE_READERS", "the analysts", "one role"),
        ("AMAZING_LANDING", "ftp://landing", "s3://bucket/prefix"),
        ("AMAZING_LANDING", "s3://", "s3://bucket/prefix"),
        ("AMAZING_LANDING", "s3:///prefix", "s3://bucket/prefix"),
        ("AMAZING_LANDING", "s3://Bucket_1/prefix", "s3://bucket/prefix"),
    ],
)
def test_a_wrong_value_is_answered_with_the_accepted_ones(name, value, accepted):
    with pytest.raises(SettingsError, match=f"{name}={value} is not accepted.*{accepted}"):
        load_settings({name: value})


def test_a_life_is_a_number_of_months_and_what_is_not_named_has_none():
    assert load_settings({"AMAZING_RETENTION": "raw_events=24, runs = 6"}).retention == {
        "raw_events": 24,
        "runs": 6,
    }
    assert load_settings({}).retention == {}


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "Asia/Kathmandu", "America/New_York"])
def test_a_time_zone_is_an_iana_name(zone):
    assert load_settings({"AMAZING_TIME_ZONE": zone}).time_zone == zone
    assert load_settings({"AMAZING_TIME_ZONE": ""}).time_zone == "UTC"


def test_a_warehouse_on_a_server_is_kept_without_its_password():
    address = "postgresql://u:p%40ss@db.example.com/shop?sslmode=require"
    settings = load_settings(env := {"AMAZING_WAREHOUSE": address})
    assert settings.warehouse == Server("postgresql://u@db.example.com:5432/shop?sslmode=require")
    assert "p%40ss" not in str(settings)
    assert warehouse_password(env) == "p@ss"
    assert "p@ss" in secrets(env)
    assert warehouse_password({"AMAZING_WAREHOUSE": "/warehouse.duckdb"}) is None


def test_redshift_is_told_where_files_are_staged_and_with_which_role():
    role = "arn:aws:iam::123456789012:role/redshift"
    whole = {
        "AMAZING_WAREHOUSE": "redshift://u:p@cluster.example.com/shop",
        "AMAZING_REDSHIFT_STAGE": "s3://bucket/stage/",
        "AMAZING_REDSHIFT_ROLE": role,
        "AMAZING_WAREHOUSE_READERS": "analysts",
    }
    assert load_settings(whole).warehouse == Server(
        "redshift://u@cluster.example.com:5439/shop",
        readers="analysts",
        stage="s3://bucket/stage",
        role=role,
    )
    for name in ("AMAZING_REDSHIFT_STAGE", "AMAZING_REDSHIFT_ROLE"):
        with pytest.raises(SettingsError, match=f"^{name}= is not accepted; give "):
            load_settings(whole | {name: ""})


@pytest.mark.parametrize(
    "address",
    ["mysql://u:pass-word@h/d", "postgresql://u:pass-word@h", "postgresql://u:pass-word@h:x/d"],
)
def test_an_address_that_is_no_warehouse_is_refused_without_its_password(address):
    with pytest.raises(
        SettingsError, match=r"redshift://user:password@host/database\.$"
    ) as refused:
        load_settings({"AMAZING_WAREHOUSE": address})
    assert "pass-word" not in str(refused.value)


def test_every_time_zone_that_is_accepted_is_known_to_polars_and_whole_quarters_from_utc():
    accepted = 0
    for zone in sorted(available_timezones()):
        try:
            known = load_settings({"AMAZING_TIME_ZONE": zone}).time_zone
        except SettingsError:
            continue
        local = pl.Series([SUMMER, WINTER]).dt.convert_time_zone(known)
        offsets = local.dt.base_utc_offset() + local.dt.dst_offset()
        assert set(offsets.dt.total_seconds() % 900) == {0}, zone
        accepted += 1
    assert accepted > 400


@pytest.mark.parametrize(
    "name", ["AMAZING_SHARDS", "AMAZING_FIRST_MONTH", "AMAZING_SENSOR_SECONDS"]
)
@pytest.mark.parametrize("value", ["\x1b[31m", "9" * 5_000, "-1", "٣x"])
def test_a_wrong_value_is_shown_and_does_nothing(name, value):
    with pytest.raises(SettingsError) as refused:
        load_settings({name: value})
    assert f"{name}={quoted(value)} is not accepted" in str(refused.value)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("name", ["AMAZING_HOME", "AMAZING_LANDING", "AMAZING_LAKE"])
@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("/data/a?b", r"it holds \?, which databases and readers of files take for their own"),
        ("/data/50%", "it holds %"),
        ("/data/[1]", r"it holds \["),
        ("/data/*", r"it holds \*"),
        ("/data/\n", "it holds a control character"),
        ("/data/caf\udce9", "its bytes are no UTF-8"),
        ("~/data", "~ is written out by shells alone"),
        ("/data" * 100, "it is longer than 380 bytes"),
    ],
)
def test_a_path_that_a_library_beneath_cannot_take_is_refused_with_the_reason(name, value, why):
    with pytest.raises(
        SettingsError, match=f"{name}=.* is not accepted, for {why}.*; give the path"
    ):
        load_settings({name: value})


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ("/lake", Path("/lake")),
        ("s3://bucket", BucketPath("bucket")),
        ("s3://bucket/a/lake/", BucketPath("bucket", "a/lake")),
    ],
)
def test_a_lake_lies_in_a_folder_or_in_a_bucket(value, where):
    settings = load_settings({"AMAZING_LAKE": value})
    assert settings.lake == where
    assert str(settings.lake) == value.rstrip("/")


def test_a_prefix_that_polars_would_read_as_a_pattern_is_refused():
    sentence = r"^AMAZING_LAKE=s3://bucket/a\*b is not accepted, for it holds \*, .+ another prefix"
    with pytest.raises(SettingsError, match=sentence):
        load_settings({"AMAZING_LAKE": "s3://bucket/a*b"})


def test_a_place_in_a_bucket_is_put_together_as_a_path_is():
    table = BucketPath.of("s3://bucket/lake") / "things"
    assert str(table / "shard=07") == "s3://bucket/lake/things/shard=07"
    assert (table.name, str(table.parent)) == ("things", "s3://bucket/lake")
    assert str(BucketPath("bucket") / "things") == "s3://bucket/things"


@pytest.mark.parametrize("value", ["tcp://scheduler:8786", "tls://[::1]:8786", "tcp://10.0.0.1:1"])
def test_a_cluster_is_the_address_of_its_scheduler(value):
    assert load_settings({"AMAZING_CLUSTER": value}).cluster == value


def test_what_decides_who_we_are_to_aws_is_all_that_begins_so():
    known = aws_variables({"AWS_PROFILE": "shop", "AMAZING_HOME": "/home"})
    assert known == {("AWS_PROFILE", "shop")}


def test_spaces_quotes_and_letters_of_any_script_may_stand_in_a_path():
    home = '/data/it\'s "ours" - été 日本;&$(x){y}'
    assert str(load_settings({"AMAZING_HOME": home}).home) == home


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("AMAZING_SHARD", "AMAZING_SHARD is no setting; set AMAZING_SHARDS instead."),
        ("AMAZING_LANDINGS", "AMAZING_LANDINGS is no setting; set AMAZING_LANDING instead."),
        (
            "AMAZING_Q\x1b",
            r"AMAZING_Q\x1b is no setting; unset it; docs/settings.md lists those there are.",
        ),
    ],
)
def test_a_name_that_is_no_setting_is_refused_with_the_nearest_one(name, sentence):
    with pytest.raises(SettingsError) as refused:
        load_settings({name: "1"})
    assert str(refused.value) == sentence


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


def test_other_names_of_columns_are_given_in_pairs():
    given = {"AMAZING_COLUMNS": "session_id:user_session, action:event_type,"}
    found = load_settings(given).columns
    assert found == {"session_id": "user_session", "action": "event_type"}
    assert load_settings({}).columns == {}


@pytest.mark.parametrize(
    "value",
    [
        "session_id",
        "session_id:",
        ":user_session",
        "a:b:c",
        "a:brand,a:price",
        "a:brand,b:brand",
        "session_id=user_session",
        "a:brand\x1b[2J,b",
    ],
)
def test_names_of_columns_that_are_ambiguous_are_refused_with_the_accepted_form(value):
    with pytest.raises(SettingsError) as refused:
        load_settings({"AMAZING_COLUMNS": value})
    shown = value.replace("\x1b", "\\x1b")
    assert str(refused.value) == (
        f"AMAZING_COLUMNS={shown} is not accepted; write old:new,old:new, each name once, such as "
        "session_id:user_session,action:event_type."
    )


@pytest.mark.parametrize("address", ["nonsense", "ftp://ada:lovelace@models", "sqlite://\n"])
def test_a_store_of_models_of_no_known_kind_is_refused_and_not_repeated(address):
    with pytest.raises(SettingsError, match="MLFLOW_TRACKING_URI is not accepted") as refused:
        load_settings({"MLFLOW_TRACKING_URI": address})
    assert address not in str(refused.value)


@pytest.mark.parametrize(
    "address", ["https://models.example.com", "postgresql+psycopg2://ada:x@host/mlflow"]
)
def test_models_may_be_kept_by_a_server_or_a_database(address):
    assert load_settings({"MLFLOW_TRACKING_URI": address}).mlflow_tracking_uri == address
