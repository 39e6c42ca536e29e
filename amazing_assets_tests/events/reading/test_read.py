import gzip
import hashlib
import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazing_assets.events.reading.blocks import read_blocks
from amazing_assets.events.reading.grammar import PRICE_BOUND
from amazing_assets.events.reading.header import HEADER
from amazing_assets.events.reading.read import read_block
from amazing_assets.landing.zone import LandedFile, LandingError
from amazing_assets.pseudonym import pseudonym_of
from amazing_assets_tests.builders import KEY, landed, line, read

REJECTS = {
    "too_few_fields": ["2019-10-01 00:00:00 UTC", line().rsplit(",", 1)[0], '"a","b",3'],
    "too_many_fields": [line() + ",1", line(brand="a,b"), line(brand='"a","b"')],
    "stray_quotes": [
        line(brand='55", black'),
        line(brand='"smith, sons'),
        line(brand='"smith, sons" ltd'),
        'sons",35.79,541312140,72d76fde',
    ],
    "unparsable_time": [
        line(event_time="2019-10-01 00:00:00"),
        line(event_time="2019-10-01 00:00:00+02:00"),
        line(event_time="2019-10-32 00:00:00 UTC"),
        line(event_time=""),
        line(event_time="2019-10-1 00:00:00 UTC"),
        line(event_time="1569888000"),
        line(event_time="null"),
    ],
    "outside_month": [
        line(event_time="2019-09-30 23:59:59 UTC"),
        line(event_time="2019-11-01 00:00:00 UTC"),
    ],
    "unknown_event_type": [line(event_type="add_to_cart"), line(event_type="")],
    "missing_id": [
        line(user_id=""),
        line(product_id=""),
        line(user_id="NULL"),
        line(product_id=" None "),
        line(user_id="  "),
    ],
    "unparsable_id": [
        line(user_id="abc"),
        line(product_id="12a"),
        line(category_id="x"),
        line(user_id="9" * 20),
        line(user_id=str(2**63)),
        line(product_id=str(-(2**63) - 1)),
        line(category_id=str(2**64)),
        line(category_id="12 "),
        line(user_id="12 "),
    ],
    "unparsable_price": [
        line(price="x"),
        line(price="inf"),
        line(price="-Infinity"),
        line(price="$35.79"),
        line(price='"1,234.50"'),
        line(price="1 234.50"),
        line(price="35.79 "),
    ],
    "price_out_of_bounds": [
        line(price="10000000.01"),
        line(price="-10000000.01"),
        line(price="9999999999999999.99"),
        line(price="1e17"),
        line(price="9.3e16"),
        line(price="1e300"),
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
        line(price="10000000.00"),
        line(price="-10000000"),
        line(price=""),
        line(price="nan"),
        line(price=" NULL "),
        line(category_id="null"),
        line(event_time="2019-10-01T00:00:00Z"),
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
        ",".join(f'"{field}"' for field in line(price="x").split(",")),
    ],
)
def test_a_rejected_line_is_verbatim_but_for_the_customer(tmp_path, text):
    _, rejected = read(landed(tmp_path, line(), text))
    found = rejected["line"].item()
    assert "541312140" not in found
    assert found.split(",")[:4] == text.split(",")[:4]


@pytest.mark.parametrize("value", ["2.10381E+18", "2103807459595387724.0", "5E8"])
@pytest.mark.parametrize("column", ["product_id", "category_id", "user_id"])
def test_ids_destroyed_by_a_spreadsheet_refuse_the_file(tmp_path, column, value):
    file = landed(tmp_path, line(), line(**{column: value}))
    shown = re.sub(r"\d", "#", value) if column == "user_id" else value
    with pytest.raises(LandingError) as refused:
        read(file)
    assert str(refused.value) == (
        f"2019-Oct.csv line 3: {column} {shown} is no whole number any more, the file was opened "
        "in a spreadsheet or its ids were read as floats; deliver the original."
    )


def test_a_header_with_the_nine_names_in_another_order_is_read_by_name(tmp_path):
    order = [*HEADER[1:], HEADER[0]]
    fields = dict(zip(HEADER, line().split(","), strict=True))
    text = ",".join(fields[name] for name in order)
    bad = text.replace("35.79", "x")
    kept, rejected = read(landed(tmp_path, text, bad, header=",".join(order)))
    assert kept["user_id"].to_list() == [pseudonym_of(541312140, KEY)]
    masked = bad.replace("541312140", "***").replace(fields["user_session"], "***")
    assert rejected["line"].to_list() == [masked]


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


@pytest.mark.parametrize("name", ["2019-Oct.csv", "2019-Oct.csv.gz", "2019-Oct-2.csv"])
def test_plain_and_packed_files_are_read_under_any_name(tmp_path, name):
    file = landed(tmp_path, line(), line(), name=name)
    assert read(file)[0].height == 2
    file.write_bytes(gzip.compress(file.read_bytes()))
    assert read(file)[0].height == 2


def test_packed_parts_one_behind_the_other_are_one_file(tmp_path):
    file = landed(tmp_path, line())
    file.write_bytes(gzip.compress(file.read_bytes()) + gzip.compress(f"{line()}\n".encode()))
    assert read(file)[0].height == 2


def test_padding_of_zeros_behind_gzip_is_nothing(tmp_path):
    file = landed(tmp_path, line())
    file.write_bytes(gzip.compress(file.read_bytes()) + bytes(512))
    assert read(file)[0].height == 1


@pytest.mark.parametrize("behind", [b"garbage " * 9, b"\r\n<html>" + bytes(range(64))])
def test_something_else_behind_gzip_is_refused(tmp_path, behind):
    file = landed(tmp_path, line())
    file.write_bytes(gzip.compress(file.read_bytes()) + behind)
    with pytest.raises(LandingError) as refused:
        read(file)
    assert str(refused.value) == (
        "2019-Oct.csv is damaged, or something else was put behind its gzip stream; pack it again "
        "and deliver it."
    )


BLANK = ["", "   ", "\t", "\r", " \r"]


@pytest.mark.parametrize("quotes", ["samsung", '"sam""sung"'])
@pytest.mark.parametrize("blank", BLANK)
def test_blank_lines_are_no_rows_and_lines_keep_their_numbers(tmp_path, blank, quotes):
    bad = line(price="x", brand=quotes)
    file = landed(tmp_path, blank, line(), blank, blank, bad, blank, line())
    kept, rejected = read(file)
    assert kept.height == 2
    assert rejected["line_number"].to_list() == [6]


def test_blank_lines_may_come_before_the_header(tmp_path):
    file = landed(tmp_path, line(), line(price="x"))
    file.write_bytes(b"\xef\xbb\xbf\r\n  \n\n" + file.read_bytes())
    kept, rejected = read(file)
    assert kept.height == 1
    assert rejected["line_number"].to_list() == [6]


def test_a_file_of_blank_lines_behind_the_header_holds_no_event(tmp_path):
    with pytest.raises(LandingError, match="holds a header and no event"):
        read(landed(tmp_path, *BLANK))


@pytest.mark.parametrize("word", ["null", "NULL", "nan", "NaN", "None", "NONE", r"\N", " none "])
def test_words_for_nothing_are_nothing_and_counted(tmp_path, word):
    optional = ("category_id", "category_code", "brand", "price", "user_session")
    file = landed(tmp_path, line(), line(**dict.fromkeys(optional, word)), line(brand="None of us"))
    (block,) = read_blocks(LandedFile.at(file))
    rows = read_block(block, "2019-10", KEY)
    assert (rows.kept.height, rows.words) == (3, 5)
    empty = rows.kept.row(1, named=True)
    assert {name for name, value in empty.items() if value is None} == {
        "category_id",
        "category_code",
        "brand",
        "price_cents",
        "user_session",
    }
    assert rows.kept["brand"].to_list() == ["samsung", None, "None of us"]


@pytest.mark.parametrize("kind", ["view", "cart", "remove_from_cart", "purchase"])
@pytest.mark.parametrize(("price", "expected"), [("", None), ("0", 0), ("-12.5", -1250)])
def test_what_the_file_says_of_a_price_is_kept_whatever_happened(tmp_path, kind, price, expected):
    kept, _ = read(landed(tmp_path, line(event_type=kind, price=price)))
    assert kept["price_cents"].to_list() == [expected]


def test_a_full_month_at_the_bound_can_be_summed():
    rows = 70_000_000
    assert rows * PRICE_BOUND * 100 < 2**63


def test_a_field_with_a_line_end_is_two_rejected_lines_and_swallows_none(tmp_path):
    file = landed(tmp_path, line(), line(brand='"smith\nsons"'), line())
    kept, rejected = read(file)
    assert kept.height == 2
    assert rejected.select("line_number", "reason").rows() == [
        (3, "stray_quotes"),
        (4, "stray_quotes"),
    ]
    assert "541312140" not in rejected["line"].str.join("\n").item()


ANY_LINE = [
    line(),
    *(text for text in BLANK),
    *(text for texts in REJECTS.values() for text in texts),
]


@given(st.lists(st.sampled_from(ANY_LINE), max_size=12).map(lambda lines: [line(), *lines]))
def test_what_becomes_of_a_line_does_not_depend_on_its_neighbours(tmp_path_factory, lines):
    folder = tmp_path_factory.mktemp("landing")
    together = read(landed(folder, *lines))
    one_by_one = read(landed(folder, *lines), block_bytes=1)
    assert together[0].equals(one_by_one[0])
    assert together[1].equals(one_by_one[1])
    assert together[0].height == lines.count(line())
    assert together[1].height == sum(bool(text.strip()) for text in lines) - lines.count(line())


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
