import gzip
import hashlib

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazing_assets.events.reading.header import HEADER
from amazing_assets.landing.zone import LandingError
from amazing_assets.pseudonym import pseudonym_of
from amazing_assets_tests.builders import KEY, landed, line, read

REJECTS = {
    "too_few_fields": ["2019-10-01 00:00:00 UTC", "", line().rsplit(",", 1)[0]],
    "too_many_fields": [line() + ",1", line(brand="a,b")],
    "unparsable_time": [
        line(event_time="2019-10-01 00:00:00"),
        line(event_time="2019-10-01 00:00:00+02:00"),
        line(event_time="2019-10-32 00:00:00 UTC"),
        line(event_time=""),
        line(event_time="2019-10-1 00:00:00 UTC"),
    ],
    "outside_month": [
        line(event_time="2019-09-30 23:59:59 UTC"),
        line(event_time="2019-11-01 00:00:00 UTC"),
    ],
    "unknown_event_type": [line(event_type="add_to_cart"), line(event_type="")],
    "missing_id": [line(user_id=""), line(product_id="")],
    "unparsable_id": [
        line(user_id="abc"),
        line(product_id="12a"),
        line(category_id="x"),
        line(user_id="9" * 20),
    ],
    "unparsable_price": [
        line(price="x"),
        line(price=""),
        line(price="nan"),
        line(price="inf"),
    ],
}


@pytest.mark.parametrize(
    ("reason", "text"), [(reason, text) for reason, texts in REJECTS.items() for text in texts]
)
@pytest.mark.parametrize("neighbour", [line(), line(brand='"quo""ted"')])
def test_a_line_that_is_no_event_is_rejected_with_its_reason(tmp_path, reason, text, neighbour):
    kept, rejected = read(landed(tmp_path, neighbour, text, line()))
    assert kept.height == 2
    assert rejected.select("file", "line_number", "reason").rows() == [("2019-Oct.csv", 3, reason)]


def test_a_line_of_another_encoding_is_rejected(tmp_path):
    file = landed(tmp_path, line(), line())
    file.write_bytes(file.read_bytes() + line(brand="caf?").encode().replace(b"?", b"\xe9") + b"\n")
    _, rejected = read(file)
    assert rejected["reason"].to_list() == ["not_utf8"]


@pytest.mark.parametrize(
    "text",
    [
        line(event_time="2019-10-01 00:00:00+00:00"),
        line(user_id="5413121405413121405"),
        line(user_session="xxxxxxxxxx"),
        line(user_session=""),
        line(category_code="", brand=""),
        line(category_id=""),
        line(price="0.00"),
        line(price="-3.5"),
        ",".join(f'"{field}"' for field in line().split(",")),
        line(brand='"a,b"'),
        line() + "\r",
    ],
)
def test_unusual_but_whole_rows_are_read(tmp_path, text):
    kept, rejected = read(landed(tmp_path, text))
    assert (kept.height, rejected.height) == (1, 0)


def test_an_event_is_typed_and_pseudonymised(tmp_path):
    kept, _ = read(landed(tmp_path, line(price="33.20", category_code="")))
    row = kept.row(0, named=True)
    assert row["price_cents"] == 3320
    assert row["category_id"] == 2103807459595387724
    assert row["category_code"] is None
    assert row["user_id"] == pseudonym_of(541312140, KEY)
    assert str(row["event_time"]) == "2019-10-01 00:00:00+00:00"


def test_quotes_and_carriage_returns_leave_no_trace(tmp_path):
    kept, _ = read(landed(tmp_path, line(brand='"say ""hi"""') + "\r", line() + "\r"))
    assert kept["brand"].to_list() == ['say "hi"', "samsung"]
    assert kept["user_session"].str.len_chars().to_list() == [36, 36]


@pytest.mark.parametrize(
    "text",
    [
        line(price="x"),
        line(event_time=""),
        line(event_time="2019-10-1 00:00:00 UTC"),
        line(user_id="541312140x"),
        line() + ",1",
        line(brand="a,b"),
        line().rsplit(",", 1)[0],
        ",".join(f'"{field}"' for field in line(price="x").split(",")),
    ],
)
def test_a_rejected_line_is_verbatim_but_for_the_customer(tmp_path, text):
    _, rejected = read(landed(tmp_path, line(), text))
    found = rejected["line"].item()
    assert "541312140" not in found
    assert found.split(",")[:4] == text.split(",")[:4]


def test_of_a_line_of_two_fields_nobody_knows_which_one_is_the_customer(tmp_path):
    _, rejected = read(landed(tmp_path, "x,541312140"))
    assert rejected["line"].to_list() == ["x,541312140"]


@pytest.mark.parametrize("value", ["2.10381E+18", "2103807459595387724.0", "5E8"])
@pytest.mark.parametrize("column", ["product_id", "category_id", "user_id"])
def test_ids_destroyed_by_a_spreadsheet_refuse_the_file(tmp_path, column, value):
    file = landed(tmp_path, line(), line(**{column: value}))
    with pytest.raises(LandingError, match=rf"2019-Oct.csv line 3: {column} {value[:4]}"):
        read(file)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (line(), "has no header"),
        ("", "is empty"),
        ("index," + ",".join(HEADER), "has a wrong header"),
        (",".join(HEADER[:-1]), "has a wrong header"),
        (",".join([*HEADER[:-1], "user_id"]), "has a wrong header"),
        ("a;b;c", "has a wrong header"),
    ],
)
def test_a_file_without_our_header_is_refused(tmp_path, header, message):
    with pytest.raises(LandingError, match=f"2019-Oct.csv {message}"):
        read(landed(tmp_path, line(), header=header))


def test_a_header_with_the_nine_names_in_another_order_is_read_by_name(tmp_path):
    order = [*HEADER[1:], HEADER[0]]
    fields = dict(zip(HEADER, line().split(","), strict=True))
    text = ",".join(fields[name] for name in order)
    bad = text.replace("35.79", "x")
    kept, rejected = read(landed(tmp_path, text, bad, header=",".join(order)))
    assert kept["user_id"].to_list() == [pseudonym_of(541312140, KEY)]
    assert rejected["line"].to_list() == [bad.replace("541312140", "***")]


def test_a_file_without_events_is_refused(tmp_path):
    with pytest.raises(LandingError, match="holds a header and no event"):
        read(landed(tmp_path))


def test_a_missing_final_newline_loses_no_row(tmp_path):
    file = landed(tmp_path, line(), line())
    file.write_bytes(file.read_bytes().rstrip(b"\n"))
    assert read(file)[0].height == 2


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path):
    file = landed(tmp_path, line())
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert read(file)[0].height == 1


@pytest.mark.parametrize("cut", [5, 12, 200, -4, -9])
def test_a_truncated_gzip_is_refused(tmp_path, cut):
    lines = (line(user_session=hashlib.sha256(bytes([i])).hexdigest()) for i in range(200))
    whole = gzip.compress(landed(tmp_path, *lines).read_bytes())
    file = tmp_path / "2019-Oct.csv.gz"
    file.write_bytes(whole[:cut])
    with pytest.raises(LandingError, match=r"2019-Oct.csv.gz is cut off: .* deliver"):
        read(file)


def test_something_else_called_gzip_is_refused(tmp_path):
    file = landed(tmp_path, line(), name="2019-Oct.csv.gz")
    with pytest.raises(LandingError, match=r"2019-Oct.csv.gz cannot be read"):
        read(file)


ANY_LINE = [line(), *(text for texts in REJECTS.values() for text in texts)]


@given(st.lists(st.sampled_from(ANY_LINE), min_size=1, max_size=12))
def test_what_becomes_of_a_line_does_not_depend_on_its_neighbours(tmp_path_factory, lines):
    folder = tmp_path_factory.mktemp("landing")
    together = read(landed(folder, *lines))
    one_by_one = read(landed(folder, *lines), block_bytes=1)
    assert together[0].equals(one_by_one[0])
    assert together[1].equals(one_by_one[1])
    assert together[0].height == lines.count(line())


REAL = {
    "multicat_2019-10-01_0000-0250.csv": (17_434, 4_504, 5_066, 17_055, 165, 0, 214, 5_944_263),
    "cosmetics_2019-10-01_first20k.csv": (
        20_000,
        3_003,
        4_194,
        8_585,
        5_735,
        4_165,
        1_515,
        788_604,
    ),
    "cosmetics_2019-10-31_tail.csv": (2_283, 267, 359, 786, 830, 460, 207, 117_692),
}


@pytest.mark.parametrize("name", REAL)
def test_real_files_are_read_to_the_last_row(real_data, name):
    kept, rejected = read(real_data / name)
    bought = pl.col("event_type") == "purchase"
    figures = kept.select(
        pl.len(),
        pl.col("user_id").n_unique(),
        pl.col("user_session").n_unique().alias("sessions"),
        *(
            (pl.col("event_type") == kind).sum().alias(kind)
            for kind in ("view", "cart", "remove_from_cart", "purchase")
        ),
        pl.col("price_cents").filter(bought).sum(),
    )
    assert figures.row(0) == REAL[name]
    assert rejected.is_empty()
