import json

import pytest

from amazing_assets.landing.generated import MANIFEST, manifest_of, parsed
from amazing_assets.landing.generating import generating
from amazing_assets.landing.origin import GENERATED, claim
from amazing_assets.landing.zone import Folder, LandingError, Zone
from amazing_assets_tests.builders import landed, line

OCT, NOV = "2019-Oct.csv", "2019-Nov.csv"


def put(folder, *names):
    """A generator: each file holds an event at a price of its own."""
    with generating(folder) as unfinished:
        for number, name in enumerate(names, 1):
            landed(unfinished, line(price=f"{number}.00"), name=name)


@pytest.fixture
def folder(tmp_path):
    """A landing folder in which all files were generated."""
    put(tmp_path / "landing", OCT, NOV)
    return tmp_path / "landing"


def test_generated_files_are_read_like_others(folder):
    zone = Zone(Folder(folder))
    assert [file.name for file in zone.files_of("2019-10")] == [OCT]
    assert set(manifest_of(folder).files) == {OCT, NOV}


def test_another_file_among_generated_ones_closes_every_month(folder):
    landed(folder, line(), name="2019-Dec.csv")
    with pytest.raises(LandingError, match=r"generated files and others, such as 2019-Dec\.csv"):
        Zone(Folder(folder)).files_of("2019-10")


def test_another_file_under_a_generated_name_closes_its_month(folder):
    landed(folder, line(price="9.00"), name=NOV)
    zone = Zone(Folder(folder))
    with pytest.raises(LandingError, match=r"generated files and others, such as 2019-Nov\.csv"):
        zone.files_of("2019-11")
    # Of the other months' files, which may be large, only the names are looked at.
    assert [file.name for file in zone.files_of("2019-10")] == [OCT]


def test_a_world_that_is_half_there_is_not_read(folder):
    said = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(said | {"finished": False}))
    with pytest.raises(LandingError, match="is being generated, or its generator was killed"):
        Zone(Folder(folder)).files_of("2019-10")


def test_what_is_no_event_file_may_lie_beside(folder):
    (folder / "notes.txt").touch()
    assert [file.name for file in Zone(Folder(folder)).files_of("2019-10")] == [OCT]


def test_where_nothing_was_generated_every_file_is_read(tmp_path):
    landed(tmp_path, line(), name=OCT)
    assert [file.name for file in Zone(Folder(tmp_path)).files_of("2019-10")] == [OCT]


@pytest.mark.parametrize("text", [b"", b"{", b"[1]", b"{}", b'{"files": {}}', b'"truth"', None])
def test_a_file_that_is_no_manifest_makes_nothing_generated(text):
    assert parsed(text) is None


def test_a_manifest_of_the_first_days_is_read():
    assert parsed(b'{"2019-Oct.csv": "ab"}').is_finished
    assert not parsed(b'{"2019-Oct.csv": "ab", "2019-Nov.csv": null}').is_finished


def test_a_world_that_was_copied_into_a_bucket_is_known_for_generated(bucket, folder, lake):
    for file in (OCT, NOV, MANIFEST):
        bucket.write(file, (folder / file).read_bytes())
    zone = bucket.zone()
    assert [file.name for file in zone.files_of("2019-10")] == [OCT]
    claim(lake.root.parent, zone, lake.root)
    assert (lake.root.parent / "customers.txt").read_text().split()[0] == GENERATED
    bucket.write(OCT, b"something else")
    with pytest.raises(LandingError, match=r"generated files and others, such as 2019-Oct\.csv"):
        zone.files_of("2019-10")
    assert [file.name for file in zone.files_of("2019-11")] == [NOV]
