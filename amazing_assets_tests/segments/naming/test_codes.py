import pytest

from amazing_assets.segments.naming.codes import NAME_COLUMNS, Name


@pytest.mark.parametrize(
    "name",
    [
        Name("lion"),
        Name("foxes", status="provisional"),
        Name("wolves_2", ("big_spending", "loyal"), "reserve"),
    ],
)
def test_a_name_comes_back_out_of_a_table_as_it_went_in(name):
    assert tuple(name.columns) == NAME_COLUMNS
    assert Name.of(*name.columns.values()) == name


def test_a_name_without_traits_has_none_in_the_table():
    assert Name("bears").columns["name_traits"] is None
