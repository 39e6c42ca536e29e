import gzip
from datetime import date

import pytest

from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets.events.reading.expected import expected_events
from amazing_assets.landing.zone import LandedFile
from amazing_assets_tests.builders import content, line


def test_the_rows_of_a_month_are_told_by_the_sizes_of_its_files(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x" * 1_300_000)
    (tmp_path / "b.csv").write_bytes(b"x" * 650_000)
    files = [LandedFile.at(tmp_path / name) for name in ("a.csv", "b.csv")]
    assert expected_events(files) == 15_000
    assert expected_events([]) == 0


def test_a_packed_file_holds_more_events_a_byte_whatever_its_name(tmp_path):
    text = content(*[line()] * 1_000)
    (tmp_path / "2019-Oct.csv.gz").write_bytes(text)
    (tmp_path / "2019-Nov.csv").write_bytes(gzip.compress(text))
    plain, packed = (LandedFile.at(path) for path in sorted(tmp_path.iterdir())[::-1])
    assert expected_events([plain]) == plain.bytes // 130
    assert expected_events([packed]) == packed.bytes // 40


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("dialect", ["multicat", "cosmetics"])
def test_a_generated_month_has_about_as_many_events_as_expected(tmp_path, packed, dialect):
    settings = WorldSettings(
        customers=400, months=(date(2019, 10, 1),), compress=packed, dialect=dialect
    )
    truth = generate(tmp_path, settings)
    (file,) = map(LandedFile.at, truth.files)
    share = expected_events([file]) / truth.rows_written
    assert 0.4 < share < 1.1
