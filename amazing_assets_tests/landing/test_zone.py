import gzip
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amazing_assets.dates import first_day
from amazing_assets.events.reading.blocks import read_blocks
from amazing_assets.landing.zone import Folder, LandedFile, LandingError, Zone
from amazing_assets_tests.builders import content, line
from amazing_assets_tests.demo.broken import BROKEN
from amazing_assets_tests.places import FolderPlace


def test_files_of_a_month_are_all_its_parts_by_name(place):
    for name in ("2019-Oct.part2.csv", "2019-Oct.csv", "2019-Nov.csv", "notes.txt"):
        place.deliver(line(), name=name)
    place.deliver(line(), name="truth/2019-Oct.csv")
    zone = place.zone()
    assert [f.name for f in zone.files_of("2019-10")] == ["2019-Oct.csv", "2019-Oct.part2.csv"]
    assert list(zone.months()) == ["2019-10", "2019-11"]
    assert zone.unread() == ["notes.txt"]


def test_a_month_without_files_is_one_clear_sentence(place):
    place.deliver(line(), name="2019-Oktober.csv")
    with pytest.raises(LandingError, match=r"No file of 2019-10 has landed .*2019-Oktober\.csv"):
        place.zone().files_of("2019-10")


ODD = (
    "._2019-Oct.csv.gz",
    "2019-10.csv.gz",
    "2019-Oct (1).csv.gz",
    "2019-Oct.CSV",
    "2019-Oct.csv.bz2",
    "2019-Oct.csv.gz.crdownload",
    "2019-October.csv",
    "2019-oct.csv",
)


def test_names_that_begin_like_a_month_are_all_counted_and_some_are_shown(place):
    for name in (*ODD, "notes.txt", "2019-11.csv"):
        place.deliver(line(), name=name)
    zone = place.zone()
    assert zone.unread_of("2019-10") == list(ODD)
    assert zone.unread_of("2019-11") == ["2019-11.csv"]
    assert zone.unread_of("2019-12") == []
    assert zone.unread() == sorted((*ODD, "notes.txt", "2019-11.csv"))
    with pytest.raises(LandingError) as refused:
        zone.files_of("2019-10")
    assert str(refused.value) == (
        f"No file of 2019-10 has landed in {zone}; put it there under a name such as "
        "2019-Oct.csv.gz; 10 files are not read, for their names are not written like "
        "2019-Oct.csv.gz: ._2019-Oct.csv.gz, 2019-10.csv.gz, 2019-11.csv, 2019-Oct (1).csv.gz, "
        "2019-Oct.CSV and 5 more; rename or remove them."
    )


@pytest.mark.parametrize("name", ["2019-Oct", "2019-Oct.part2", "2019-Oct-3"])
def test_a_file_that_lies_there_packed_and_unpacked_is_refused_by_both_names(place, name):
    place.deliver(line(), name=f"{name}.csv")
    place.write(f"{name}.csv.gz", gzip.compress(content(line())))
    zone = place.zone()
    with pytest.raises(LandingError) as refused:
        zone.files_of("2019-10")
    assert str(refused.value) == (
        f"{name}.csv and {name}.csv.gz in {zone} are one file, unpacked and packed, and would be "
        "counted twice; take away the one that is out of date."
    )


def test_gzip_and_plain_files_open_to_the_same_text(place):
    text = content(line())
    place.write("2019-Oct.csv", text)
    place.write("2019-Nov.csv.gz", gzip.compress(text))
    texts = []
    for file in place.zone().files():
        with file.open() as stream:
            texts.append(stream.read())
    assert texts == [text, text]


def test_a_listing_changes_with_every_file_that_is_written_again(place):
    for name in ("2019-Oct.csv", "notes.txt"):
        place.deliver(line(), name=name)
    before = place.zone().listing()
    place.deliver(line(), line())
    after = place.zone().listing()
    assert list(before) == ["2019-Oct.csv", "notes.txt"]
    assert before["2019-Oct.csv"] != after["2019-Oct.csv"]
    assert before["notes.txt"] == after["notes.txt"]


def test_the_same_content_delivered_again_is_another_version(place):
    place.deliver(line())
    before = place.zone().listing()
    time.sleep(1.1)  # S3 tells when, to the second.
    place.deliver(line())
    assert place.zone().listing() != before


def test_a_folder_that_does_not_exist_cannot_be_listed(tmp_path):
    with pytest.raises(LandingError, match=r"away, for the folder does not exist; make it"):
        Zone(Folder(tmp_path / "away")).listing()


def read(file):
    """All that reading says of a file: its blocks, or why it is refused."""
    try:
        return list(read_blocks(file, block_bytes=4096))
    except LandingError as error:
        return str(error)


@pytest.mark.parametrize("kind", sorted(BROKEN))
def test_a_bucket_gives_and_refuses_what_a_folder_does(bucket, tmp_path, kind):
    path = BROKEN[kind](tmp_path, first_day("2019-10"))
    bucket.write(path.name, path.read_bytes())
    (file,) = bucket.zone().files()
    assert read(file) == read(LandedFile.at(path))


NAMES = st.one_of(
    st.sampled_from(("2019-Oct.csv", "2019-Oct.part2.csv.gz", "2020-Jan-3.csv", "truth/Oct.csv")),
    st.text("aZ09 .,-_+%&='()éß中", min_size=1, max_size=12).map(lambda name: f"x{name}x"),
)


# A server under load may take longer than Hypothesis has patience for.
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.dictionaries(NAMES, st.binary(max_size=9), max_size=8))
def test_a_bucket_lists_what_a_folder_does(bucket, tmp_path_factory, files):
    folder = FolderPlace(str(tmp_path_factory.mktemp("landing")))
    other = bucket.another()
    for name, text in files.items():
        folder.write(name, text)
        other.write(name, text)
    here, there = folder.zone(), other.zone()
    assert [(f.name, f.bytes) for f in there.files()] == [(f.name, f.bytes) for f in here.files()]
    assert list(there.listing()) == list(here.listing())
    assert there.unread() == here.unread()
    assert list(there.months()) == list(here.months())
