"""`amazing rejects`: rows rejected, their lines corrected, delivered as a part, and kept."""

import csv
import stat

import pytest

from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets_tests.builders import OUR_HEADER, landed, line
from amazing_assets_tests.commands import amazing, found

RAW = ("run", "--months", "2019-10", "--select", "key:raw_events")
SHARDS = {"AMAZING_SHARDS": "2"}
MONTH = ("rejects", "--month", "2019-10")

# Ten rows, three of which are no events: of two reasons.
GOOD = [line(product_id=str(number)) for number in range(7)]
NO_PRICE = [line(price="10,00", user_id="77"), line(price="9,50")]
NO_ID = line(product_id="none at all")
LINES = [*GOOD[:3], NO_PRICE[0], *GOOD[3:6], NO_ID, NO_PRICE[1], GOOD[6]]


def table(home, name):
    return Lake(home / "lake", 2, LocalEngine()).scan(name, "2019-10").collect()


@pytest.fixture
def home(tmp_path):
    landed(tmp_path / "landing", *LINES)
    found(amazing(tmp_path, *RAW, "--json", **SHARDS))
    return tmp_path


def test_rejected_lines_corrected_and_delivered_as_a_part_are_kept_once(home):
    out = home / "october.csv"
    ran = amazing(home, *MONTH, "--out", out, **SHARDS)
    assert ran.returncode == 0, ran.stderr
    assert out.read_text().splitlines() == [OUR_HEADER, NO_PRICE[0], NO_ID, NO_PRICE[1]]
    reasons = home / "october.reasons.csv"
    assert list(csv.DictReader(reasons.read_text().splitlines())) == [
        {"line": "2", "reason": "too_many_fields", "file": "2019-Oct.csv", "line_in_file": "5"},
        {"line": "3", "reason": "unparsable_id", "file": "2019-Oct.csv", "line_in_file": "9"},
        {"line": "4", "reason": "too_many_fields", "file": "2019-Oct.csv", "line_in_file": "10"},
    ]
    assert {stat.S_IMODE(file.stat().st_mode) for file in (out, reasons)} == {0o600}
    assert f"put it into {home}/landing as 2019-Oct.part2.csv" in ran.stdout

    corrected = out.read_text().replace("10,00", "10.00").replace("9,50", "9.50")
    part = home / "landing" / "2019-Oct.part2.csv"
    part.write_text(corrected.replace("none at all", "7"))
    again = ("run", "--new", "--select", "key:raw_events", "--json")
    found(amazing(home, *again, **SHARDS))
    raw, rejected = table(home, "raw_events"), table(home, "rejected_events")
    assert sorted(raw["product_id"].to_list()) == sorted([*range(8), 44600062, 44600062])
    assert raw["price_cents"].sum() == 8 * 3579 + 1000 + 950
    # What was rejected stays rejected where it stands, and nowhere else.
    assert rejected["file"].to_list() == ["2019-Oct.csv"] * 3
    assert sorted(rejected["line_number"].to_list()) == [5, 9, 10]


def test_reasons_are_counted_and_shown_with_masked_examples(home):
    ran = amazing(home, *MONTH, **SHARDS)
    assert ran.returncode == 0, ran.stderr
    counts, *examples = ran.stdout.splitlines()
    assert counts == ("2019-10: 3 of 10 rows rejected (30.0%): 2 too_many_fields, 1 unparsable_id")
    assert len(examples) == 3
    assert [example.partition(",")[0].strip() for example in examples] == [
        "2019-Oct.csv line 5",
        "2019-Oct.csv line 10",
        "2019-Oct.csv line 9",
    ]
    assert "541312140" not in ran.stdout
    assert ",77," not in ran.stdout
    told = found(amazing(home, *MONTH, "--json", **SHARDS))
    assert told["Rejected rows"] == [
        {"month": "2019-10", "reason": "too_many_fields", "rows": 2},
        {"month": "2019-10", "reason": "unparsable_id", "rows": 1},
    ]
    assert [example["line_number"] for example in told["Examples"]] == [5, 10, 9]


def test_lines_of_files_that_changed_since_are_not_taken(home):
    landed(home / "landing", line(product_id="other"), *LINES)
    ran = amazing(home, *MONTH, "--out", home / "october.csv", **SHARDS)
    assert ran.returncode == 1
    assert ran.stderr == (
        f"amazing: The files of 2019-10 in {home}/landing are not those that were read, so that "
        "line numbers may be those of other lines; `amazing run --new` reads them, then ask "
        "again.\n"
    )
    assert not list(home.glob("october*"))


def test_no_file_is_overwritten(home):
    out, reasons = home / "october.csv", home / "october.reasons.csv"
    reasons.write_text("mine")
    ran = amazing(home, *MONTH, "--out", out, **SHARDS)
    assert ran.returncode == 1
    assert ran.stderr == (
        f"amazing: {reasons} is there already, and no file is overwritten; give another name.\n"
    )
    assert reasons.read_text() == "mine"
    assert not out.exists()


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("landing/2019-Oct.part2.csv", "lies in the landing zone, where it would be read before"),
        ("october.csv.gz", "is no name of a CSV file; end it in .csv."),
    ],
)
def test_a_file_that_would_be_read_uncorrected_or_by_nobody_is_refused(home, place, sentence):
    ran = amazing(home, *MONTH, "--out", home / place, **SHARDS)
    assert ran.returncode == 2
    assert sentence in ran.stderr
    assert not (home / place).exists()


def test_a_month_that_was_never_read_and_one_that_is_none_are_refused(tmp_path):
    ran = amazing(tmp_path, "rejects", "--month", "2019-10")
    assert ran.returncode == 1
    assert ran.stderr == (
        "amazing: 2019-10 has not been read into this home; `amazing run --months 2019-10` does "
        "it, or says why the month is refused.\n"
    )
    assert amazing(tmp_path, "rejects", "--month", "2019-09").returncode == 2
    assert amazing(tmp_path, "rejects", "--month", "October").returncode == 2


def test_files_whose_columns_differ_in_order_are_taken_one_at_a_time(tmp_path):
    turned = ",".join(reversed(OUR_HEADER.split(",")))
    bad = ",".join(reversed(line(price="x").split(",")))
    good = ",".join(reversed(line().split(",")))
    landed(tmp_path / "landing", *LINES)
    landed(
        tmp_path / "landing", *[good] * 3, bad, header=turned, end="\r\n", name="2019-Oct.part2.csv"
    )
    found(amazing(tmp_path, *RAW, "--json", **SHARDS))
    out = tmp_path / "october.csv"
    ran = amazing(tmp_path, *MONTH, "--out", out, **SHARDS)
    assert ran.returncode == 1
    assert "take one file at a time, with --file." in ran.stderr
    assert not out.exists()
    of_part = ("--out", out, "--file", "2019-Oct.part2.csv")
    assert amazing(tmp_path, *MONTH, *of_part, **SHARDS).returncode == 0
    assert out.read_text().splitlines() == [turned, bad]
