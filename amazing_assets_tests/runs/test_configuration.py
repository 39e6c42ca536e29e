from pathlib import Path

import pytest

from amazing_assets.runs.configuration import bring_up_to_date
from amazing_assets.runs.instance import SHIPPED
from amazing_assets_tests.commands import amazing
from amazing_assets_tests.instances import instance_of

# As it was shipped before the launcher moved from `defs` to `runs`.
BEFORE = Path(__file__).with_name("dagster_before_runs.yaml").read_text()


@pytest.fixture
def copy(tmp_path):
    """The configuration of a home made by the version before: nobody kept a digest then."""
    file = tmp_path / "dagster.yaml"
    file.write_text(BEFORE)
    return file


def test_a_home_made_by_the_version_before_gets_the_new_configuration_and_is_told(copy):
    said = bring_up_to_date(copy, SHIPPED)
    assert said == (
        f"{copy} was that of an earlier version and nobody had edited it: it is replaced."
    )
    assert copy.read_bytes() == SHIPPED.read_bytes()
    assert bring_up_to_date(copy, SHIPPED) is None


def test_a_copy_that_nobody_edited_follows_every_later_version(tmp_path):
    copy, shipped = tmp_path / "dagster.yaml", tmp_path / "shipped.yaml"
    shipped.write_text("telemetry: {enabled: false}\n")
    assert bring_up_to_date(copy, shipped) is None
    shipped.write_text("telemetry: {enabled: false}\nnux: {enabled: false}\n")
    assert "it is replaced" in bring_up_to_date(copy, shipped)
    assert copy.read_text() == shipped.read_text()


def test_an_edited_copy_is_left_and_told_only_of_what_no_longer_exists(copy):
    edited = BEFORE.replace("max_concurrent_runs: 3", "max_concurrent_runs: 9")
    copy.write_text(edited)
    assert bring_up_to_date(copy, SHIPPED) == (
        f"{copy} was edited and names amazing_assets.defs.launcher, which no longer exists; carry "
        f"your edits over to a copy of {SHIPPED}."
    )
    assert copy.read_text() == edited
    still_good = edited.replace("amazing_assets.defs.launcher", "amazing_assets.runs.launcher")
    copy.write_text(still_good)
    assert bring_up_to_date(copy, SHIPPED) is None
    assert copy.read_text() == still_good


def test_a_command_carries_an_old_home_over_and_says_so_once(tmp_path):
    home = tmp_path / "dagster"
    home.mkdir()
    (home / "dagster.yaml").write_text(BEFORE)
    run = ("run", "--months", "2019-10", "--select", "key:raw_events")
    told = [amazing(tmp_path, *run).stderr.count("it is replaced") for _ in range(2)]
    assert told == [1, 0]
    with instance_of(home) as instance:
        assert type(instance.run_launcher).__name__ == "WatchedRunLauncher"
