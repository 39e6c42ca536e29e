import pytest

from amazing_assets.backup.contents import entries, leads_out, others_of
from amazing_assets_tests.backup.homes import filled, home_at


def names(places, *, with_key=False):
    return {entry.name for entry in entries(places, with_key=with_key)}


def test_whatever_lies_in_a_home_is_kept_but_for_what_is_named(tmp_path):
    filled(home_at(tmp_path))
    (tmp_path / "erased.db").write_text("a ledger that nobody has heard of")
    (tmp_path / "demo").mkdir()
    (tmp_path / "warehouse_copy.duckdb").write_text("made anew")
    (tmp_path / ".warehouse_copy.duckdb.state").write_text("[]")
    tops = {name.split("/")[0] for name in names(home_at(tmp_path))}
    assert tops == {
        "lake",
        "warehouse.duckdb",
        "mlflow.db",
        "artifacts",
        "reports",
        "erased.db",
    }


def test_the_key_alone_is_added_where_it_is_asked_for(tmp_path):
    home = filled(home_at(tmp_path))
    assert names(home, with_key=True) - names(home) == {"pseudonym.key"}


def test_event_files_within_the_home_stay_out_wherever_they_lie(tmp_path):
    home = home_at(tmp_path, AMAZING_LANDING=str(tmp_path / "files"))
    (tmp_path / "files").mkdir()
    (tmp_path / "files/2019-Oct.csv").write_text("ids")
    (tmp_path / "reports").mkdir()
    assert names(home) == {"reports"}


def test_a_lake_deep_in_the_home_is_there_once(tmp_path):
    home = home_at(tmp_path, AMAZING_LAKE=str(tmp_path / "data/lake"))
    (tmp_path / "data/lake").mkdir(parents=True)
    (tmp_path / "data/lake/shards").write_text("4")
    assert names(home) == {"lake", "lake/shards", "data"}


def test_models_on_a_server_are_told_and_their_address_is_not(tmp_path):
    home = home_at(tmp_path, MLFLOW_TRACKING_URI="postgresql://us:secret@host/mlflow")
    assert list(home.remote) == ["mlflow.db"]
    assert home.remote["mlflow.db"].startswith("The models lie on a server of MLflow")
    assert "secret" not in repr(home)


def test_a_key_and_event_files_may_wait_for_a_restore(tmp_path):
    for name in ("pseudonym.key", "landing", "lake", "dagster"):
        (tmp_path / name).mkdir()
    assert others_of(tmp_path) == ["dagster", "lake"]
    assert others_of(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("name", "target", "out"),
    [
        ("lake/things", ".store/things/.shown/1", False),
        ("lake/.store/things/.shown/1/a", "../../.versions/2/a", False),
        ("lake/things", "../reports/a", True),
        ("lake/things", "../../a", True),
        ("lake/things", "/lake/a", True),
        ("lake/things", "..", True),
    ],
)
def test_a_link_stays_within_its_part(name, target, out):
    assert leads_out(name, target) is out
