"""`amazing view`: any dates, some families, one sentence where something is wrong."""

import shutil

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.commands.view import known_dates, known_families, known_markets
from amazing_assets.defs.assets import customers
from amazing_assets.errors import UsageError
from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.commands import amazing, found
from amazing_assets_tests.defs.homes import MONTH, SHARDS, Home

DATES = ("-d", "2019-10-15", "-d", "2019-10-04")


def seen(user):
    return line(user_id=str(user), event_time="2019-10-02 12:00:00 UTC", user_session=str(user))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """October of twenty customers, of whom one was contacted."""
    made = Home(tmp_path_factory.mktemp("views") / "home")
    landed(made.landing, *map(seen, range(20)))
    (made.landing / "2019-Oct.contacts.csv").write_text(
        "user_id,contacted_at,campaign\n7,2019-10-02,autumn\n"
    )
    assert made.materialize(assets=[*MONTH, customers.contacts]).success
    return made


def view(home, *arguments):
    key = (home.landing.parent / "pseudonym.key").read_text().strip()
    own = {"AMAZING_PSEUDONYM_KEY": key, "AMAZING_SHARDS": str(SHARDS)}
    return amazing(home.landing.parent, "view", *arguments, **own)


def test_the_views_of_two_dates_are_those_of_the_weekly_asset(home, tmp_path):
    ran = view(home, "main", *DATES, "-w", "3", "--out", tmp_path, "--json")
    files = found(ran)["Views"]
    assert [each["reference_date"] for each in files] == ["2019-10-04", "2019-10-15"]
    assert {each["customers"] for each in files} == {20}
    assert home.materialize("2019-10-08", [customers.customer_view]).success
    weekly = home.lake.scan("customer_view", "2019-10-08").sort("user_id").collect()
    written = pl.read_parquet(files[1]["path"]).sort("user_id")
    assert_frame_equal(written, weekly)
    assert {path.name for path in (tmp_path / "main").iterdir()} == {
        "2019-10-04.parquet",
        "2019-10-15.parquet",
    }


def test_every_market_has_its_own_views(home, tmp_path):
    for market in ("US", "DE"):
        shutil.copytree(home.landing.parent, tmp_path / market, symlinks=True)
    key = (home.landing.parent / "pseudonym.key").read_text().strip()
    own = {"AMAZING_PSEUDONYM_KEY": key, "AMAZING_MARKETS": "US,DE,FR"}
    ran = amazing(tmp_path, "view", "US", "DE", "-d", "2019-10-15", "--json", **own)
    files = {each["market"]: each["path"] for each in found(ran)["Views"]}
    assert files == {
        market: str(tmp_path / market / "views" / market / "2019-10-15.parquet")
        for market in ("US", "DE")
    }
    assert set(pl.read_parquet(files["DE"])["market"]) == {"DE"}
    ran = amazing(tmp_path, "view", "-d", "2019-10-15", **own)
    assert ran.returncode == 1
    assert "This home has no events yet" in ran.stderr


def test_a_family_that_fails_is_named_and_the_others_still_arrive(home, tmp_path):
    broken = tmp_path / "home"
    shutil.copytree(home.landing.parent, broken, symlinks=True)
    for file in (broken / "lake" / "contacts").rglob("*.parquet"):
        file.write_bytes(file.read_bytes()[:40])
    key = (home.landing.parent / "pseudonym.key").read_text().strip()
    ran = amazing(
        broken,
        *("view", *DATES, "--families", "contacts,activity", "--format", "csv"),
        AMAZING_PSEUDONYM_KEY=key,
    )
    assert ran.returncode == 1
    assert "Everything was written but the family contacts: " in ran.stderr
    written = pl.read_csv(broken / "views" / "main" / "2019-10-15.csv")
    assert written.height == 20
    assert "number_of_views_7m" in written.columns
    assert "contacts_28d" not in written.columns


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda _: known_markets(["US"]), "There is no market US in this home; name main, or"),
        (lambda _: known_families("activity,mood"), "There is no family mood of the customer view"),
        (lambda lake: known_dates(lake, ["2019-11-02"]), "2019-11-02 lies outside the data of"),
        (lambda lake: known_dates(lake, ["2019-10-01"]), "2019-10-01 lies outside the data of"),
        (lambda lake: known_dates(lake, ["May"]), "May is no date; write it like 2019-11-05."),
    ],
)
def test_what_cannot_be_asked_for_is_one_sentence(home, call, sentence):
    with pytest.raises(UsageError) as refused:
        call(home.lake)
    assert str(refused.value).startswith(sentence)


def test_no_workers_are_wrong_usage(home):
    ran = view(home, *DATES, "-w", "0")
    assert ran.returncode == 2
    assert ran.stderr == "amazing: --workers 0 is not accepted; use a number from 1 to 256.\n"
