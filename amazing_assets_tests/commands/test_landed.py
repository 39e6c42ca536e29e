"""Files that no run reads, and months that are none of a home's."""

import pytest

from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.commands import amazing, found

RAW = ("--select", "key:raw_events")
SHARDS = {"AMAZING_SHARDS": "2"}

BEFORE = "its month lies before 2019-10, the first of this home"
ODD = "its name says no month"


def test_files_that_are_not_read_are_all_counted_by_every_run(tmp_path):
    landed(tmp_path / "landing", line())
    copies = [f"2019-Oct ({number}).csv.gz" for number in range(1, 10)]
    others = ["notes.txt", "2019-Aug.csv", "2019-Oct\x1b[31m.csv", "2999-Jan.csv.gz"]
    for name in copies + others:
        (tmp_path / "landing" / name).touch()
    ran = amazing(tmp_path, "run", *RAW, "--json", **SHARDS)
    unread = {each["file"]: each["why"] for each in found(ran)["Files not read"]}
    assert set(unread) == {*copies, *others}
    assert {unread[name] for name in copies} == {ODD}
    assert unread["2019-Aug.csv"] == BEFORE
    assert unread["2999-Jan.csv.gz"].startswith("its month has not begun, the last that has is ")
    told = ran.stderr.splitlines()
    assert told[0] == "Files in the landing zone that are not read: 13"
    # Those that seem to say a month before all others, whatever is in their names.
    assert r"  2019-Oct\x1b[31m.csv: its name says no month" in told
    assert "  2019-Oct (1).csv.gz: its name says no month" in told
    assert "  and 3 more" in told
    assert "\x1b" not in ran.stderr
    assert "notes.txt" not in ran.stderr


HOW = [(), pytest.param(("--new",), marks=pytest.mark.evaluate)]


@pytest.mark.parametrize("how", HOW)
def test_a_month_that_is_none_of_the_homes_is_left_when_nobody_asked_for_it(tmp_path, how):
    landed(tmp_path / "landing", line())
    landed(tmp_path / "landing", line(), name="2019-Aug.csv")
    ran = amazing(tmp_path, "run", *how, *RAW, "--json", **SHARDS)
    assert found(ran)["Files not read"] == [{"file": "2019-Aug.csv", "why": BEFORE}]
    assert (tmp_path / "lake" / "raw_events" / "month=2019-10").exists()


@pytest.mark.parametrize("command", [("run", "--months"), ("report", "--month")])
@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        (
            "2019-08",
            (
                "2019-08 lies before 2019-10, the first month of this home; set "
                "AMAZING_FIRST_MONTH=2019-08 to begin there."
            ),
        ),
        ("2999-01", "2999-01 has not begun; the last month that has is "),
    ],
)
def test_a_month_that_is_none_of_the_homes_is_refused_when_it_was_asked_for(
    tmp_path, command, month, sentence
):
    landed(tmp_path / "landing", line(), name="2019-Aug.csv")
    ran = amazing(tmp_path, *command, month)
    assert ran.returncode == 2
    assert ran.stderr.startswith(f"amazing: {sentence}")
    assert len(ran.stderr.splitlines()) == 1


NOTHING_READABLE = {
    "odd names": (
        ["2019-10.csv", "October.csv"],
        (
            "None of the 2 files in {} can be read, such as 2019-10.csv: its name says no month; "
            "give them names such as 2019-Oct.csv.gz."
        ),
    ),
    "months before the first": (
        ["2019-Aug.csv", "2019-Sep.csv"],
        (
            "None of the 2 files in {} can be read, such as 2019-Aug.csv: its month lies before "
            "2019-10, the first of this home; set AMAZING_FIRST_MONTH=2019-08 to begin there."
        ),
    ),
    "nothing": (
        [],
        (
            "No event file has landed in {}; put one there under a name such as "
            "2019-Oct.csv.gz, or try `amazing demo`."
        ),
    ),
}


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("case", NOTHING_READABLE)
def test_where_nothing_can_be_read_one_sentence_says_what_to_do(tmp_path, case, how):
    names, sentence = NOTHING_READABLE[case]
    (tmp_path / "landing").mkdir()
    for name in names:
        landed(tmp_path / "landing", line(), name=name)
    ran = amazing(tmp_path, "run", *how)
    assert ran.returncode == 1
    assert ran.stderr == f"amazing: {sentence.format(tmp_path / 'landing')}\n"
    assert ran.stdout == ""


@pytest.mark.parametrize("how", HOW)
def test_a_landing_folder_that_is_missing_is_one_sentence(tmp_path, how):
    ran = amazing(tmp_path, "run", *how)
    assert ran.returncode == 1
    assert ran.stderr == (
        f"amazing: No event file has landed in {tmp_path}/landing, for the folder does not exist; "
        "make it, and put files there under names such as 2019-Oct.csv.gz.\n"
    )
