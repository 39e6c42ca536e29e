import pytest

from amazing_assets.landing.generated import announce, read_manifest, sign, strangers
from amazing_assets.landing.zone import Folder, LandingError, Zone
from amazing_assets_tests.builders import landed, line

OCT, NOV = "2019-Oct.csv", "2019-Nov.csv"


@pytest.fixture
def folder(tmp_path):
    """A landing folder in which all files were generated."""
    announce(tmp_path, [OCT, NOV])
    for name in (OCT, NOV):
        landed(tmp_path, line(), name=name)
    sign(tmp_path)
    return tmp_path


def test_generated_files_are_read_like_others(folder):
    zone = Zone(Folder(folder))
    assert [file.name for file in zone.files_of("2019-10")] == [OCT]
    assert set(read_manifest(folder)) == {OCT, NOV}
    assert strangers(folder) == []


def test_another_file_among_generated_ones_closes_every_month(folder):
    landed(folder, line(), name="2019-Dec.csv")
    with pytest.raises(LandingError, match=r"generated files and others, such as 2019-Dec\.csv"):
        Zone(Folder(folder)).files_of("2019-10")


def test_another_file_under_a_generated_name_closes_its_month(folder):
    landed(folder, line(price="1.00"), name=NOV)
    zone = Zone(Folder(folder))
    with pytest.raises(LandingError, match=r"generated files and others, such as 2019-Nov\.csv"):
        zone.files_of("2019-11")
    # Of the other months' files, which may be large, only the names are looked at.
    assert [file.name for file in zone.files_of("2019-10")] == [OCT]
    assert strangers(folder) == [NOV]


def test_files_of_a_generator_that_was_killed_are_its_own(tmp_path):
    announce(tmp_path, [OCT, NOV])
    landed(tmp_path, line(), name=OCT)
    assert strangers(tmp_path) == []


def test_what_is_no_event_file_may_lie_anywhere(folder):
    (folder / "notes.txt").touch()
    assert strangers(folder) == []


def test_where_nothing_was_generated_every_file_is_a_stranger_and_is_read(tmp_path):
    landed(tmp_path, line(), name=OCT)
    assert strangers(tmp_path) == [OCT]
    assert [file.name for file in Zone(Folder(tmp_path)).files_of("2019-10")] == [OCT]
