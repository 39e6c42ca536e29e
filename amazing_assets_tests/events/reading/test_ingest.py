"""Whatever lands: a month whose rows are all accounted for, or one sentence and nothing."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazing_assets.events.contract import RawEvents, RejectedEvents
from amazing_assets.events.reading.header import HEADER
from amazing_assets.events.reading.ingest import ingest
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.landing.zone import LandedFile, LandingError
from amazing_assets_tests.builders import KEY, LINE, content, landed, line


def read(lake, *files):
    with (
        lake.draft("raw_events", "2019-10", RawEvents) as kept,
        lake.draft("rejected_events", "2019-10", RejectedEvents) as rejected,
    ):
        landed_files = [LandedFile.at(file) for file in files]
        found = ingest(landed_files, kept, rejected, month="2019-10", key=KEY)
        assert (kept.rows, rejected.rows) == (found.kept, found.rejected)
        assert not kept.find_faults()
        assert not rejected.find_faults()
        return found


def test_files_are_counted_apart_and_together(lake, tmp_path):
    one = landed(tmp_path, line(), line(brand="null"), "", line(price="x"))
    two = landed(tmp_path, line(user_id=""), line(price="x"), line(), name="2019-Oct-2.csv")
    found = read(lake, one, two)
    first, second = found.files
    assert (first.rows, first.kept, first.rejected, first.words) == (3, 2, 1, 1)
    assert (second.rows, second.kept, second.rejected, second.words) == (3, 1, 2, 0)
    assert first.reasons == {"unparsable_price": 1}
    assert second.reasons == {"missing_id": 1, "unparsable_price": 1}
    assert found.reasons == {"unparsable_price": 2, "missing_id": 1}
    assert (found.rows, found.kept, found.rejected, found.words) == (6, 3, 3, 1)
    assert found.is_complete
    assert [file.file for file in found.unreadable] == ["2019-Oct-2.csv"]


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (
            {"price": "9999999999999999.99"},
            " with the price 9999999999999999.99; a price is at most",
        ),
        ({"price": "$5"}, " with the price $5; a price is written like 33.20"),
        ({"event_type": "hover"}, " with the event_type hover; an event is one of view, cart, rem"),
        (
            {"event_type": ""},
            " without event_type; an event is one of view, cart, remove_from_cart",
        ),
        ({"product_id": "12a"}, " with the product_id 12a; an id is a whole number of at most 19"),
        ({"category_id": "x"}, " with the category_id x; an id is a whole number of at most 19"),
        ({"user_id": "ada@example.com"}, "; an id is a whole number of at most 19 digits"),
        ({"user_id": "null"}, "; product_id and user_id are never empty"),
        ({"brand": '5", x'}, ", 2019-10-01 00:00:00 UTC,view,44600062,2103807459595387724,electro"),
        ({"event_time": "2019-11-01T00:00:00Z"}, " with the event_time 2019-11-01T00:00:00Z; a fi"),
    ],
)
def test_a_sentence_shows_what_is_wrong_and_no_customer(lake, tmp_path, bad, told):
    (file,) = read(lake, landed(tmp_path, line(), line(**bad))).files
    reason = next(iter(file.reasons))
    expected = f"1 of 2 rows of 2019-Oct.csv were rejected, most as {reason}, such as line 3{told}"
    assert file.summary.startswith(expected)
    assert LINE["user_id"] not in file.summary
    assert "ada" not in file.summary


LINES = st.one_of(
    st.just(line().encode()),
    st.sampled_from((b"", b" ", b"\r", line(price="").encode(), line(brand='5"').encode())),
    st.builds(
        lambda name, value: line(**{name: value}).encode(errors="replace"),
        st.sampled_from(HEADER),
        st.one_of(st.text(max_size=12), st.sampled_from(("1e300", "inf", "null", '"', "\x1b[2J"))),
    ),
    st.binary(max_size=40),
    st.text(max_size=40).map(lambda text: text.encode(errors="replace")),
)
BODIES = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=100).map(lambda text: text.encode(errors="replace")),
    st.lists(LINES, max_size=12).map(lambda lines: content() + b"\n".join(lines)),
    st.lists(LINES, max_size=5).map(lambda lines: b"\r\n".join([content().strip(), *lines])),
)
PACKED = st.sampled_from((bytes, bytes, gzip.compress, lambda text: gzip.compress(text)[:-5]))


def told(lake, *files):
    """The sentence that refuses the files, or those on files of which rows are rejected."""
    try:
        found = read(lake, *files)
    except LandingError as error:
        return [str(error)]
    assert found.is_complete
    assert found.rows > 0
    return [file.summary for file in found.files if file.rejected]


@given(st.lists(st.tuples(BODIES, PACKED), min_size=1, max_size=2))
def test_any_bytes_are_rows_that_are_accounted_for_or_one_sentence(tmp_path_factory, bodies):
    folder = tmp_path_factory.mktemp("any")
    files = [folder / f"2019-Oct-{number}.csv" for number in range(len(bodies))]
    for file, (text, pack) in zip(files, bodies, strict=True):
        file.write_bytes(pack(text))
    sentences = told(Lake(folder / "lake", 2, LocalEngine()), *files)
    assert [said for said in sentences if not said.isprintable()] == []
    assert [said for said in sentences if "2019-Oct-" not in said] == []
