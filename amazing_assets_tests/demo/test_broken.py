import gzip
from datetime import date

import pytest

from amazing_assets.demo.faults import HEADER
from amazing_assets_tests.demo.broken import BROKEN

from . import reader

OCTOBER = date(2019, 10, 1)


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """Return name and bytes of a broken file, written once."""
    folder, written = tmp_path_factory.mktemp("broken"), {}

    def read(name):
        if name not in written:
            path = BROKEN[name](folder, OCTOBER)
            written[name] = path.relative_to(folder), path.read_bytes()
        return written[name]

    return read


@pytest.fixture(scope="module")
def text(broken):
    return lambda name: broken(name)[1].decode()


def rows(text):
    return [line.split(",") for line in text.splitlines()[1:]]


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_each_is_named_after_its_month(name, broken):
    expected = "2019-Oct.csv.gz" if name == "truncated_gzip" else "2019-Oct.csv"
    assert str(broken(name)[0]) == expected


@pytest.mark.parametrize(
    "name",
    ["no_final_newline", "rounded_ids", "random_sample_of_rows", "long_users_short_sessions"],
)
def test_some_are_only_odd_and_each_row_can_be_read(name, text):
    lines = text(name).splitlines()
    assert lines[0] == HEADER
    assert {reader.fault(line, "2019-10") for line in lines[1:]} == {None}


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("scientific_ids", {"unparsable_id"}),
        ("float_ids", {"unparsable_id"}),
        ("wrong_month_in_the_name", {"outside_month"}),
        ("last_line_cut_off", {None, "too_few_fields"}),
        ("cart_spelled_otherwise", {None, "unknown_event_type"}),
        ("unknown_type", {None, "unknown_event_type"}),
        ("other_offset_times", {"unparsable_time"}),
    ],
)
def test_some_have_rows_to_reject(name, reasons, text):
    lines = text(name).splitlines()[1:]
    assert {reader.fault(line, "2019-10") for line in lines} == reasons


def test_scientific_ids_leave_few_categories(text):
    assert {row[3][-4:] for row in rows(text("scientific_ids"))} == {"E+18"}


def test_rounded_ids_are_multiples_of_256(text):
    assert {int(row[3]) % 256 for row in rows(text("rounded_ids"))} == {0}


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("extra_index_column", ["", *HEADER.split(",")]),
        ("header_only", HEADER.split(",")),
        ("all_fields_quoted", [f'"{column}"' for column in HEADER.split(",")]),
    ],
)
def test_headers_are_as_announced(name, columns, text):
    assert text(name).splitlines()[0].split(",") == columns


def test_reordered_columns_are_the_same_columns(text):
    header = text("reordered_columns").splitlines()[0].split(",")
    assert header != HEADER.split(",")
    assert sorted(header) == sorted(HEADER.split(","))


def test_a_file_without_header_begins_with_an_event(text):
    assert text("no_header").startswith("2019-10-0")


def test_an_empty_file_is_empty(text):
    assert text("empty") == ""


def test_windows_files_end_their_lines_twice(text):
    assert text("windows_newlines").count("\r\n") == text("windows_newlines").count("\n") > 100


def test_utc_is_also_written_as_an_offset(text):
    assert {row[0][-6:] for row in rows(text("utc_offset_times"))} == {"+00:00"}


def test_a_truncated_download_cannot_be_unpacked(broken):
    with pytest.raises(EOFError):
        gzip.decompress(broken("truncated_gzip")[1])


def test_the_same_fault_twice_is_the_same_file(tmp_path, broken):
    again = BROKEN["random_sample_of_rows"](tmp_path, OCTOBER)
    assert again.read_bytes() == broken("random_sample_of_rows")[1]
