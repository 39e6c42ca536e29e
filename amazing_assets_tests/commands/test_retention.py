"""`amazing retention` through the real command: what it removes does not come back."""

from datetime import UTC, datetime

import pytest

from amazing_assets.cadence import MONTHLY
from amazing_assets.dates import add_months, first_day, month_of
from amazing_assets.lake.storage import published
from amazing_assets.privacy.ledger import Kind, Ledger
from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.commands import amazing, found

OLD = "2019-10"
RECENT = month_of(add_months(datetime.now(UTC).date(), -2))
# Whole runs; the pass itself is tried by `amazing_assets_tests/privacy/retention`.
pytestmark = pytest.mark.evaluate

OWN = {"AMAZING_SHARDS": "2", "AMAZING_RETENTION": "raw_events=24,clean_events=24,features=24"}


def test_without_a_life_everything_is_kept(tmp_path):
    ran = amazing(tmp_path, "retention")
    assert ran.returncode == 0
    assert "everything is kept" in ran.stdout


def deliver(home, month):
    lines = [
        line(
            event_time=f"{month}-{day:02d} 10:00:00 UTC",
            user_id=str(541312140 + day),
            user_session=f"visit-{month}-{day}",
        )
        for day in range(1, 9)
    ]
    landed(home / "landing", *lines, name=f"{first_day(month):%Y-%b}.csv")


def months(home, table):
    return published(home / "lake" / table, MONTHLY)


def test_a_month_that_was_removed_is_not_missed_though_its_files_still_lie_there(tmp_path):
    deliver(tmp_path, OLD)
    deliver(tmp_path, RECENT)
    select = ("--select", "+key:user_features")
    found(amazing(tmp_path, "run", "--new", "--json", *select, AMAZING_SHARDS="2"))
    shown = found(amazing(tmp_path, "retention", "--dry-run", "--json", **OWN))["To remove"]
    assert {each["key"] for each in shown} == {OLD}
    assert months(tmp_path, "raw_events") == months(tmp_path, "user_features") == (OLD, RECENT)

    assert found(amazing(tmp_path, "retention", "--json", **OWN))["Removed"] == shown
    assert months(tmp_path, "raw_events") == months(tmp_path, "user_features") == (RECENT,)
    assert Ledger.of(tmp_path).entries(Kind.RETENTION)

    again = amazing(tmp_path, "run", "--new", "--json", *select, **OWN)
    assert found(again)["To make"] == []
    assert (
        "2019-Oct.csv: its month is older than AMAZING_RETENTION keeps raw_events" in again.stderr
    )
    asked = amazing(tmp_path, "run", "--months", OLD, *select, **OWN)
    assert asked.returncode == 2
    assert asked.stderr.startswith(f"amazing: {OLD} is older than AMAZING_RETENTION keeps")
