"""What a person is told of the rows of a month: on the page, by checks, and when it is refused."""

import gzip

import dagster as dg
import pytest

from amazing_assets.defs.assets import events
from amazing_assets.defs.resources.stores import landing_resource
from amazing_assets.settings import load_settings
from amazing_assets.variables import SettingsError
from amazing_assets_tests.builders import OUR_HEADER, content, landed, line
from amazing_assets_tests.defs.homes import Home, checks, failure, made

WARN = dg.AssetCheckSeverity.WARN


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def land(home):
    return home.materialize(assets=[events.landed_events])


def page(run, asset="raw_events"):
    (found,) = (
        each
        for each in run.asset_materializations_for_node("landed_events")
        if each.asset_key == dg.AssetKey(asset)
    )
    return found.metadata


def test_rejects_are_on_the_page_with_reasons_counts_and_three_lines_each(home):
    bad = [line(price=f"x{number}") for number in range(5)]
    landed(home.landing, *[line()] * 20, *bad, line(user_id=""))
    run = land(home)
    for asset in ("raw_events", "rejected_events"):
        rows = [record.data for record in page(run, asset)["rejects"].records]
        assert [(row["reason"], row["rows"], row["line"]) for row in rows] == [
            ("unparsable_price", 5, 22),
            ("unparsable_price", 5, 23),
            ("unparsable_price", 5, 24),
            ("missing_id", 1, 27),
        ]
        assert rows[0]["example"] == line(price="x0", user_id="***", user_session="***")
    (file,) = page(run)["files"].records
    assert file.data["reasons"] == "unparsable_price 5, missing_id 1"


def test_control_characters_and_long_lines_are_shown_escaped_and_cut(home):
    landed(home.landing, *[line()] * 9, line(price="\x1b[2J"), line(price="x" * 999))
    rows = [record.data["example"] for record in page(land(home))["rejects"].records]
    assert [len(row) <= 200 and row.isprintable() for row in rows] == [True, True]
    assert r"\x1b[2J" in rows[0]


@pytest.mark.parametrize(("bad", "passes"), [(0, True), (1, True), (2, False), (50, False)])
def test_a_check_warns_from_one_in_a_hundred_rows_on(home, bad, passes):
    landed(home.landing, *[line()] * (200 - 2 * bad), *[line(user_id="")] * bad, *[line()] * bad)
    landed(home.landing, *[line()] * 10, name="2019-Oct-2.csv")
    check = checks(land(home))["raw_events", "few_rows_are_rejected"]
    assert (check.passed, check.severity, check.blocking) == (passes, WARN, False)


def test_a_quarter_without_customer_is_warned_of(home):
    landed(home.landing, *[line(user_id=""), line(), line(), line()] * 15)
    run = land(home)
    assert run.success
    assert checks(run)["raw_events", "few_rows_are_rejected"].description == (
        "15 of 60 rows of 2019-Oct.csv were rejected, most as missing_id, such as line 2; "
        "product_id and user_id are never empty"
    )
    assert home.table("raw_events").height == 45
    assert home.table("rejected_events")["reason"].to_list() == ["missing_id"] * 15


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        ("2019-10-18T16:17:25+02:00", "2019-10-18T16:17:25+02:00"),
        ("1571415445", "1571415445"),
        ("2019-10-18 16:17", "2019-10-18 16:17"),
        ("18.10.2019\x1b[2J", r"18.10.2019\x1b[2J"),
    ],
)
def test_one_of_two_parts_that_is_mostly_rejects_refuses_the_month_by_its_name(home, time, shown):
    landed(home.landing, *[line()] * 40, name="2019-Oct.part1.csv")
    bad = line(event_time=time)
    landed(home.landing, *[line(), bad] * 10, name="2019-Oct.part2.csv")
    run = land(home)
    assert made(run) == set()
    assert failure(run) == (
        "2019-10: 10 of 20 rows of 2019-Oct.part2.csv were rejected, most as unparsable_time, such "
        f"as line 3 with the event_time {shown}; a time is written like 2019-10-01 00:00:00 UTC; "
        "correct the file and deliver it again."
    )
    refused = checks(run)["raw_events", "every_file_is_mostly_readable"]
    assert (refused.passed, refused.blocking) == (False, True)
    assert [row.data["line"] for row in refused.metadata["rejects"].records] == [3, 5, 7]
    assert checks(run)["raw_events", "every_row_is_accounted_for"].passed


@pytest.mark.parametrize("form", ["2019-10-18T16:17:25Z", "2019-10-18 16:17:25.123+00:00"])
def test_one_of_two_parts_exported_in_another_iso_form_is_read(home, form):
    landed(home.landing, *[line()] * 40, name="2019-Oct.part1.csv")
    landed(home.landing, *[line(event_time=form)] * 20, name="2019-Oct.part2.csv")
    assert land(home).success
    assert home.table("raw_events").height == 60


@pytest.mark.parametrize(
    "names",
    [["2019-10.csv.gz"], ["2019-Oct.CSV", "2019-oct.csv", "2019-Oct (1).csv.gz"]],
)
def test_a_file_that_begins_like_the_month_and_is_not_read_is_told_by_its_run(home, names):
    landed(home.landing, line())
    for name in (*names, "notes.txt", "2019-11.csv"):
        landed(home.landing, line(), name=name)
    run = land(home)
    assert run.success
    check = checks(run)["raw_events", "every_file_of_the_month_is_read"]
    assert (check.passed, check.severity) == (False, WARN)
    counted = "1 file is" if len(names) == 1 else "3 files are"
    assert check.description.startswith(f"{counted} not read, for ")
    assert [row.data["what"] for row in check.metadata["findings"].records] == sorted(names)
    assert page(run)["files that are not read"].value == sorted(names)


def test_the_same_file_packed_and_unpacked_is_refused_by_both_names(home):
    landed(home.landing, line())
    (home.landing / "2019-Oct.csv.gz").write_bytes(gzip.compress(content(line())))
    assert failure(land(home)).startswith("2019-Oct.csv and 2019-Oct.csv.gz in ")


def test_words_for_nothing_are_counted_on_the_page(home):
    landed(home.landing, line(brand="NULL", category_code="None"), line(price="nan"), line())
    run = land(home)
    assert page(run)["words for nothing read as empty"].value == 3
    assert page(run)["files"].records[0].data["words for nothing"] == 3
    assert home.table("raw_events").null_count().row(0, named=True)["brand"] == 1


def test_blank_lines_are_counted_nowhere(home):
    landed(home.landing, *["", line(), "  ", "\r"] * 10)
    run = land(home)
    assert page(run)["rows in files"].value == 10
    assert page(run)["rows rejected"].value == 0
    assert all(check.passed for check in checks(run).values())


def test_other_names_of_columns_reach_the_reading(home, tmp_path):
    header = OUR_HEADER.replace("user_session", "session_id")
    landed(home.landing, line(), header=header)
    assert "has a wrong header" in failure(land(home))
    environment = {"AMAZING_HOME": str(tmp_path), "AMAZING_COLUMNS": "session_id:user_session"}
    home.resources["landing"] = landing_resource(load_settings(environment))
    assert land(home).success
    assert home.table("raw_events").height == 1


def test_a_name_that_is_no_column_of_ours_is_refused_at_start(tmp_path):
    environment = {"AMAZING_HOME": str(tmp_path), "AMAZING_COLUMNS": "session_id:session"}
    with pytest.raises(SettingsError, match="names a column session that is not ours"):
        landing_resource(load_settings(environment))


def test_rows_without_a_price_go_through_to_features(home):
    kinds = ("view", "cart", "purchase")
    landed(home.landing, *(line(event_type=kind, price="null") for kind in kinds), line())
    run = home.materialize()
    assert run.success
    assert home.table("raw_events")["price_cents"].to_list() == [None, None, None, 3579]
    assert home.table("user_features")["number_of_events_2m"].to_list() == [4]
