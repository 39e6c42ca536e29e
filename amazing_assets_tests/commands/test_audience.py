"""`amazing audience` on two months of a world whose segments are told."""

import shutil

import polars as pl
import pytest

from amazing_assets_tests.commands import amazing, found


@pytest.fixture(scope="module")
def home(home_with_segments, tmp_path_factory):
    """A copy: commands write into a home."""
    folder = tmp_path_factory.mktemp("audiences") / "home"
    shutil.copytree(home_with_segments.landing.parent, folder, symlinks=True)
    return folder


def audience(home, *arguments, **more):
    key = (home / "pseudonym.key").read_text().strip()
    own = {"AMAZING_SHARDS": "3", "AMAZING_PSEUDONYM_KEY": key, **more}
    return amazing(home, "audience", *arguments, **own)


def test_a_segment_is_written_and_read_back_a_month_later(home):
    ran = audience(home, "Beavers", "--month", "2019-10", "--holdout", "40", "--json")
    told = found(ran)
    (written,) = told["Audience"]
    listed = pl.read_csv(written["file"])
    assert written["segment"] == "beavers"
    assert listed.height == written["customers"] > 40
    # Of some sixty with a key of chance.
    assert listed["is_holdout"].sum() == written["held_out"] > 5
    assert [each["measure"] for each in told["Read-back"]] == [
        "share who visited",
        "share who bought",
        "revenue of a customer",
    ]
    assert all(each["low"] < each["difference"] < each["high"] for each in told["Read-back"])


def test_the_newest_month_is_read_back_once_the_next_has_landed(home, tmp_path):
    out = tmp_path / "castors.parquet"
    ran = audience(home, "castors", "--month", "2019-11", "--out", out)
    assert ran.returncode == 0, ran.stderr
    assert "can be told once 2019-12 has landed" in ran.stdout
    assert set(pl.read_parquet(out)["segment_name"]) == {"beavers"}


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("Mice", "--month", "2019-10"), 2, "No segment of the month is called Mice; there are "),
        (("lions", "--month", "2020-02"), 1, "Nobody has been assigned to a segment in 2020-02"),
        (("lions", "--month", "2019-10", "--holdout", "80"), 2, "--holdout 80 is not accepted; "),
        (("lions", "--month", "2019-10", "--out", "a.txt"), 2, "a.txt is no name of a list; end"),
    ],
)
def test_what_cannot_be_asked_for_is_one_sentence(home, arguments, status, sentence):
    ran = audience(home, *arguments)
    assert ran.returncode == status
    assert ran.stderr.startswith(f"amazing: {sentence}")
    assert ran.stderr.count("\n") == 1
