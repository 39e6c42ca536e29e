"""A finished home, moved as a whole: it assigns, trains, rolls back and reports where it lies."""

import pytest

from amazing_assets_tests.commands import amazing, found

SETTINGS = {"AMAZING_PSEUDONYM_KEY": "", "AMAZING_SHARDS": "2"}
MONTH = ("--months", "2019-11")

# What may name the place of a home: Dagster's log tells what happened and where, and MLflow writes
# whole places into its store, which follow the home when it is opened.
ALLOWED = {"dagster", "mlflow.db"}


def naming(home, place):
    """Which parts of a home hold a path."""
    files = [path for path in home.rglob("*") if path.is_file()]
    assert len(files) > 100
    text = str(place).encode()
    return {file.relative_to(home).parts[0] for file in files if text in file.read_bytes()}


@pytest.mark.evaluate
def test_a_moved_home_goes_on_where_it_lies_now(tmp_path):
    world = ("--customers", "300", "--months", "2019-10:2019-11")
    found(amazing(tmp_path / "one", "demo", *world, "--json", **SETTINGS))
    made, home = tmp_path / "one" / "demo", tmp_path / "an other home"
    assert naming(made, made) <= ALLOWED
    made.rename(home)
    assigned = "key:segment_assignments or key:segment_profiles"
    found(amazing(home, "run", *MONTH, "--select", assigned, "--json", **SETTINGS))
    found(amazing(home, "run", *MONTH, "--select", "key:segment_model", "--json", **SETTINGS))
    assert amazing(home, "rollback", "1", **SETTINGS).returncode == 0
    page = found(amazing(home, "report", "--language", "en", "--json", **SETTINGS))["Report"][0]
    assert page["path"].startswith(str(home))
    assert not made.exists()
    assert naming(home, made) <= {"dagster"}
