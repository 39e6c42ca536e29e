import gzip

import pytest

from amazing_assets.landing.zone import LandingError, Zone
from amazing_assets_tests.builders import landed, line


def test_files_of_a_month_are_all_its_parts_by_name(tmp_path):
    for name in ("2019-Oct.csv", "2019-Oct.part2.csv", "2019-Nov.csv", "notes.txt"):
        landed(tmp_path, line(), name=name)
    landed(tmp_path / "truth", line(), name="2019-Oct.csv")
    zone = Zone(tmp_path)
    assert [f.name for f in zone.files_of("2019-10")] == ["2019-Oct.csv", "2019-Oct.part2.csv"]
    assert list(zone.months()) == ["2019-10", "2019-11"]
    assert zone.odd_names() == ["notes.txt"]


def test_a_month_without_files_is_one_clear_sentence(tmp_path):
    landed(tmp_path, line(), name="2019-Oktober.csv")
    with pytest.raises(LandingError, match=r"No file of 2019-10 has landed .*2019-Oktober\.csv"):
        Zone(tmp_path).files_of("2019-10")


def test_gzip_and_plain_files_open_to_the_same_text(tmp_path):
    plain = landed(tmp_path, line())
    (tmp_path / "2019-Nov.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    texts = []
    for file in Zone(tmp_path).files():
        with file.open() as stream:
            texts.append(stream.read())
    assert texts[0] == texts[1] == plain.read_bytes()


def test_a_listing_changes_with_every_file_that_is_written_again(tmp_path):
    for name in ("2019-Oct.csv", "notes.txt"):
        landed(tmp_path, line(), name=name)
    before = Zone(tmp_path).listing()
    landed(tmp_path, line(), line())
    after = Zone(tmp_path).listing()
    assert list(before) == ["2019-Oct.csv", "notes.txt"]
    assert before["2019-Oct.csv"] != after["2019-Oct.csv"]
    assert before["notes.txt"] == after["notes.txt"]


def test_a_folder_that_does_not_exist_cannot_be_listed(tmp_path):
    with pytest.raises(LandingError, match=r"landing folder .*away does not exist"):
        Zone(tmp_path / "away").listing()
