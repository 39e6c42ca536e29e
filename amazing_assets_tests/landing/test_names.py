import pytest

from amazing_assets.landing.names import file_name, month_like, month_of_file, say_unread


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("2019-Oct.csv", "2019-10"),
        ("2019-Oct.csv.gz", "2019-10"),
        ("2020-Jan.part2.csv.gz", "2020-01"),
        ("2019-Dec-2.csv", "2019-12"),
        ("2019-Oktober.csv", None),
        ("2019-oct.csv", None),
        ("2019-Oct.csv.zip", None),
        ("2019-Oct.csv.gz.part", None),
        ("19-Oct.csv", None),
        ("2019-Foo.csv", None),
        ("copy of 2019-Oct.csv", None),
        ("2019-Oct.csv\n", None),
        ("２０１９-Oct.csv", None),  # noqa: RUF001  digits that only look like ours
    ],
)
def test_a_name_says_its_month_or_nothing(name, month):
    assert month_of_file(name) == month


def test_the_published_name_is_understood():
    assert month_of_file(file_name("2019-10")) == "2019-10"
    assert file_name("2019-10") == "2019-Oct.csv.gz"
    assert file_name("2020-01", 2, compressed=False) == "2020-Jan.part2.csv"


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("2019-Oct.csv", "2019-10"),
        ("2019-10.csv.gz", "2019-10"),
        ("201910.csv", "2019-10"),
        ("20191001.csv", "2019-10"),
        ("2019_oct_part2.csv", "2019-10"),
        ("2019-October.csv", "2019-10"),
        ("2019-SEPT.csv", "2019-09"),
        ("Oct-2019.csv", "2019-10"),
        ("10.2019.csv", "2019-10"),
        ("copy of 2019-Oct.csv", "2019-10"),
        ("Copy (2) of 2019-Oct.csv", "2019-10"),
        ("~$2019-Oct.csv", "2019-10"),
        (".2019-Oct.csv.swp", "2019-10"),
        ("2019-Oct.csv\n", "2019-10"),
        ("2019-13.csv", None),
        ("2019-100.csv", None),
        ("12019-10.csv", None),
        ("2019-Foo.csv", None),
        ("events 2019-10.csv", None),
        ("notes.txt", None),
    ],
)
def test_a_name_begins_like_a_month_or_not(name, month):
    assert month_like(name) == month


def test_one_unread_name_is_one_file_and_reaches_no_terminal_as_it_is():
    assert say_unread(["2019-Oct\x1b[2J.csv"], "2019-10") == (
        "1 file is not read, for its name is not written like 2019-Oct.csv.gz: "
        "2019-Oct\\x1b[2J.csv; rename or remove it."
    )
