from amazing_assets.commands.reasons import Left, Reason, lines_of, reasons
from amazing_assets.runs.stale import Cause, Cell, Why

OCT, NOV = "2019-10", "2019-11"
RAW, FEATURES, SEGMENTS = "raw_events", "user_features", "segment_assignments"


def test_what_follows_is_told_by_what_it_follows_in_the_end():
    raw, features = Cell(RAW, OCT), Cell(FEATURES, NOV)
    found = {
        raw: Cause(Why.FILES),
        features: Cause(Why.FOLLOWS, raw),
        Cell(SEGMENTS, NOV): Cause(Why.FOLLOWS, features),
        Cell("segment_model", None): Cause(Why.FOLLOWS, features),
    }
    assert reasons(found, found) == [
        Reason(OCT, (RAW,), "its files changed since they were read"),
        Reason(
            NOV,
            (FEATURES, SEGMENTS),
            "made of the old 2019-10, whose files changed since they were read",
        ),
        Reason("no month", ("segment_model",), "no segment model assigns customers yet"),
    ]


def test_what_is_older_than_an_input_names_it():
    found = {
        Cell(FEATURES, OCT): Cause(Why.OLDER, Cell("sessions", OCT)),
        Cell(FEATURES, NOV): Cause(Why.OLDER, Cell("sessions", OCT)),
        Cell("segment_rules", None): Cause(Why.OLDER, Cell("segment_model", None)),
    }
    assert [(each.partition, each.why) for each in reasons(found, found)] == [
        (OCT, "made of an older sessions"),
        (NOV, "made of the old 2019-10"),
        ("no month", "made of an older segment_model"),
    ]


def test_a_line_names_some_tables_and_counts_the_rest():
    line = Reason(OCT, tuple("abcdef"), "never made").line
    assert line == "2019-10: a, b, c, d and 2 more: never made"


def test_months_in_a_row_that_are_left_for_one_reason_share_a_line():
    left = [Left(month, "as it is") for month in ("2019-12", "2020-01", "2020-02", "2020-04")]
    assert lines_of([*left, Left("2020-03", "its files are gone")]) == [
        "2019-12 to 2020-02: as it is",
        "2020-04: as it is",
        "2020-03: its files are gone",
    ]
