import gzip

import polars as pl
import pytest

from amazing_assets.events.reading.lines import take_lines
from amazing_assets.landing.zone import LandedFile, LandingError
from amazing_assets_tests.builders import content, line

ODD = [
    line(),
    "three,odd,fields",
    "\x1b[31mred",
    line(brand='"a ""quoted"" one, with a comma"'),
    line(brand="caf\xe9"),
]


def taken(path, numbers):
    lines = take_lines(LandedFile.at(path), pl.Series(numbers, dtype=pl.Int64))
    return [(each.number, each.text) for each in lines]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_come_as_they_stand_whatever_is_wrong_with_them(tmp_path, end):
    file = tmp_path / "2019-Oct.csv.gz"
    text = content(*ODD, end=end).decode().encode("latin-1")
    file.write_bytes(gzip.compress(text))
    wanted = {3: ODD[1], 4: ODD[2], 6: ODD[4]}
    assert taken(file, list(wanted)) == [(n, t.encode("latin-1")) for n, t in wanted.items()]


def test_a_last_line_without_an_end_is_taken(tmp_path):
    file = tmp_path / "2019-Oct.csv"
    file.write_bytes(content(line()) + b"cut off")
    assert taken(file, [3]) == [(3, b"cut off")]


def test_a_file_without_that_line_is_refused(tmp_path):
    file = tmp_path / "2019-Oct.csv"
    file.write_bytes(content(line()))
    with pytest.raises(LandingError, match=r"2019-Oct.csv has no line 9 any more"):
        taken(file, [2, 9])


def test_lines_of_many_blocks_are_those_of_their_numbers(tmp_path):
    file = tmp_path / "2019-Oct.csv"
    lines = [line(product_id=str(number)) for number in range(2, 200_002)]
    file.write_bytes(content(*lines))
    wanted = [2, 65_000, 90_001, 200_001]
    assert taken(file, wanted) == [(n, line(product_id=str(n)).encode()) for n in wanted]
