import polars as pl
import pytest
from polars.testing import assert_frame_equal

from amazing_assets.lake.left_out import add_objectors, remove_objectors
from amazing_assets.landing.zone import LandedFile
from amazing_assets.pseudonym import pseudonym_of, pseudonyms, read_key
from amazing_assets_tests.builders import OUR_HEADER, landed, line
from amazing_assets_tests.classified import MONTHS
from amazing_assets_tests.commands import amazing, found

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end]


def classify(home, *arguments):
    folder = home.warehouse.parent
    key = read_key(folder / "pseudonym.key")
    return amazing(folder, "classify", *arguments, AMAZING_PSEUDONYM_KEY=key), key


def text_of(file):
    with LandedFile.at(file).open() as text:
        return text.read()


def test_a_file_is_answered_under_the_shops_own_ids(classified_home, world, tmp_path):
    whole = tmp_path / "all.csv"
    texts = [text_of(file) for file in world.files[: len(MONTHS)]]
    header, _ = texts[0].split(b"\n", 1)
    whole.write_bytes(header + b"\n" + b"".join(text.split(b"\n", 1)[1] for text in texts))
    ran, key = classify(classified_home, whole, "--date", "2020-01-01", "--out", tmp_path / "a.csv")
    assert ran.returncode == 0, ran.stderr
    told = pl.read_csv(tmp_path / "a.csv", schema_overrides={"name_traits": pl.String})
    ids = pseudonyms(told["user_id"], key)
    known = told.join(ids, on="user_id").select(pl.col("pseudonym").alias("user_id"), "segment")
    assigned = classified_home.figures("segment_assignments", MONTHS[-1])
    assert_frame_equal(
        known.sort("user_id"),
        assigned.select("user_id", "segment").sort("user_id"),
        check_dtypes=False,
    )
    assert "rows of all.csv were rejected" in ran.stderr


def test_without_a_date_all_events_count(classified_home, tmp_path):
    ran, _ = classify(classified_home, landed(tmp_path, line()), "--json")
    (customer,) = found(ran)["Customers"]
    assert customer["user_id"] == 541312140
    assert customer["as_of"] == "2019-10-02"
    assert customer["reason"] == "insufficient_events"


@pytest.fixture
def objecting(classified_home):
    """A customer who objects to profiles, for as long as the test runs."""
    root, key = (
        classified_home.lake.root,
        read_key(classified_home.landing.parent / "pseudonym.key"),
    )
    add_objectors(root, [pseudonym_of(541312140, key)])
    yield 541312140
    remove_objectors(root, [pseudonym_of(541312140, key)])


def test_who_objects_to_profiles_is_told_to_have_none(classified_home, tmp_path, objecting):
    events = landed(tmp_path, line(user_id=str(objecting)), line(user_id="7"))
    ran, _ = classify(classified_home, events, "--json")
    told = {each["user_id"]: each["reason"] for each in found(ran)["Customers"]}
    assert told == {7: "insufficient_events", objecting: "profiling_stopped"}


def test_what_cannot_be_classified_is_one_sentence(classified_home, tmp_path):
    broken = landed(tmp_path, "nothing", header=OUR_HEADER)
    ran, _ = classify(classified_home, broken)
    assert ran.returncode == 1
    assert ran.stderr.endswith(
        "a row has nine fields with commas between them: nobody was classified.\n"
    )
    ran = amazing(tmp_path / "empty", "classify", broken)
    assert ran.stderr == "amazing: There is no segment model yet; `amazing run` trains the first.\n"


@pytest.mark.parametrize("arguments", [("--date", "1.1.2020"), ("--out", "a.xlsx")])
def test_wrong_usage_is_told(tmp_path, arguments):
    assert amazing(tmp_path, "classify", "events.csv", *arguments).returncode == 2
