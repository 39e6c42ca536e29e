import pytest

from amazing_assets.events.reading.header import EXPECTED, HEADER, check_columns, read_header
from amazing_assets.landing.zone import LandingError
from amazing_assets.variables import SettingsError
from amazing_assets_tests.builders import OUR_HEADER, landed, line, read

SHOP = {"session_id": "user_session", "action": "event_type"}
THEIRS = OUR_HEADER.replace("user_session", "session_id").replace("event_type", "action")


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (line(), f"has no header; its first line must be {EXPECTED}."),
        ("", f"has no header; its first line must be {EXPECTED}."),
        (f"index,{EXPECTED}", f"has a wrong header, index,{EXPECTED}; expected {EXPECTED}."),
        (
            ",".join(HEADER[:-1]),
            f"has a wrong header, {','.join(HEADER[:-1])}; expected {EXPECTED}.",
        ),
        (
            "view|541312140|samsung|72d76fde-8bb3-4e00-8c23-a032dfed738c",
            f"has a wrong header, view|***|samsung|***; expected {EXPECTED}.",
        ),
        ("a;b;c", f"has a wrong header, a;b;c; expected {EXPECTED}."),
        (
            "\x1b]0;owned\x07\x1b[2Jevent_time,x",
            rf"has a wrong header, \x1b]0;owned\x07\x1b[2Jevent_time,x; expected {EXPECTED}.",
        ),
        ("\u202ecsv,\x9b2J", rf"has a wrong header, \u202ecsv,\x9b2J; expected {EXPECTED}."),
        (
            EXPECTED.replace(",", ";"),
            "is delimited by semicolons; save it with commas between the fields.",
        ),
        (
            EXPECTED.replace(",", "\t"),
            "is delimited by tabs; save it with commas between the fields.",
        ),
        (
            '"' + EXPECTED.replace(",", '"|"') + '"',
            "is delimited by bars; save it with commas between the fields.",
        ),
    ],
)
def test_a_file_without_our_header_is_refused(tmp_path, header, sentence):
    with pytest.raises(LandingError) as refused:
        read(landed(tmp_path, line(), header=header))
    assert str(refused.value) == f"2019-Oct.csv {sentence}"


@pytest.mark.parametrize("header", [THEIRS, OUR_HEADER, THEIRS.replace("action", "event_type")])
def test_a_shop_may_call_columns_otherwise_or_as_we_do(header):
    assert read_header(f"{header}\r\n".encode(), "2019-Oct.csv", SHOP) == HEADER


def test_two_columns_that_would_become_one_are_refused():
    header = OUR_HEADER.replace("brand", "session_id").encode()
    with pytest.raises(LandingError) as refused:
        read_header(header, "2019-Oct.csv", SHOP)
    assert str(refused.value) == (
        "2019-Oct.csv has session_id and user_session, which AMAZING_COLUMNS makes one column, "
        "user_session; leave out what is not meant or correct AMAZING_COLUMNS."
    )


def test_a_mapped_name_that_the_file_does_not_have_is_told():
    header = OUR_HEADER.replace("user_session", "sid").encode()
    with pytest.raises(LandingError) as refused:
        read_header(header, "2019-Oct.csv", SHOP)
    assert str(refused.value) == (
        f"2019-Oct.csv has a wrong header, {header.decode()}; expected {EXPECTED}, where "
        "AMAZING_COLUMNS speaks of session_id, not in the file."
    )


def test_a_mapping_to_a_column_that_is_not_ours_is_refused():
    check_columns(SHOP)
    with pytest.raises(SettingsError) as refused:
        check_columns({**SHOP, "cost": "costs"})
    assert str(refused.value) == (
        "AMAZING_COLUMNS names a column costs that is not ours; write old:new,old:new, where each "
        f"new name is one of {', '.join(HEADER)}."
    )
