import pytest

from amazing_assets.landing.names import file_name, month_of_file


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
    ],
)
def test_a_name_says_its_month_or_nothing(name, month):
    assert month_of_file(name) == month


def test_the_published_name_is_understood():
    assert month_of_file(file_name("2019-10")) == "2019-10"
    assert file_name("2019-10") == "2019-Oct.csv.gz"
    assert file_name("2020-01", 2, compressed=False) == "2020-Jan.part2.csv"
