import polars as pl
import pytest

from amazing_assets_tests.builders import landed, line, read


@pytest.mark.parametrize(
    ("brand", "expected"),
    [
        ('24" display', '24" display'),
        ("5'11\"", "5'11\""),
        ('"a" b', '"a" b'),
        ('a "b"', 'a "b"'),
        ('"the ""best"" co"', 'the "best" co'),
        ('"smith, sons"', "smith, sons"),
        ('"smith, ""sons"""', 'smith, "sons"'),
        (r'"24\" display"', '24" display'),
        (r'"24\" display, black"', '24" display, black'),
        (r'"C:\"', "C:\\"),
        ('"tv 55""', 'tv 55"'),
        ('"', '"'),
    ],
)
@pytest.mark.parametrize("neighbour", [line(), line(brand='"quo""ted"'), line(brand='5"')])
def test_quotes_that_can_mean_one_thing_are_read(tmp_path, neighbour, brand, expected):
    kept, rejected = read(landed(tmp_path, neighbour, line(brand=brand), neighbour))
    assert rejected.is_empty()
    assert kept["brand"][1] == expected
    assert kept["price_cents"].to_list() == [3579] * 3


@pytest.mark.parametrize("brand", ['55", black', '"smith, sons', '"smith, sons" ltd', 'a",b,"c d'])
def test_quotes_that_can_mean_more_are_rejected_with_the_true_reason(tmp_path, brand):
    kept, rejected = read(landed(tmp_path, line(), line(brand=brand), line()))
    assert kept.height == 2
    assert rejected.select("line_number", "reason").rows() == [(3, "stray_quotes")]
    assert "541312140" not in rejected["line"].item()


def test_a_file_of_many_quotes_is_read_to_the_last_row(tmp_path):
    brands = ['24" display', '"a, b"', "plain", r'"24\" x"', '"a, b" c']
    kept, rejected = read(landed(tmp_path, *(line(brand=brands[n % 5]) for n in range(1000))))
    assert dict(kept["brand"].value_counts().iter_rows()) == {
        '24" display': 200,
        "a, b": 200,
        "plain": 200,
        '24" x': 200,
    }
    assert (rejected["reason"].cast(pl.String) == "stray_quotes").sum() == 200
