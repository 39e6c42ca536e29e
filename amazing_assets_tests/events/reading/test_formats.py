import gzip
import io
import sqlite3
import tarfile
import zipfile

import polars as pl
import pytest

from amazing_assets.events.reading.formats import FORMATS, what_it_is
from amazing_assets.landing.zone import LandingError
from amazing_assets_tests.builders import content, landed, line, read

OURS = content(line(), line())

UNPACK = "unpack it and deliver the CSV inside, plain or packed with gzip"
PAGE = "is a web page, not CSV; download the file itself, signed in, and deliver it again."
PAGES = (
    b"<!DOCTYPE html>\n<html><body>Sign in</body></html>",
    b"\n\n  <html lang='en'>",
    b"\xef\xbb\xbf\r\n<!-- saved from\nurl --> <HTML>",
    b'<?xml version="1.0"?>\n<!doctype html>',
    b"<head><title>404</title>",
)
ALONE = (
    "ends its lines with CR alone, as old Macintosh programs do; save it with line ends LF or CRLF."
)
UTF_16 = "is UTF-16 text; save it as UTF-8."
UTF_32 = "is UTF-32 text; save it as UTF-8."


def zipped(name):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, OURS)
    return packed.getvalue()


def tarred():
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo("2019-Oct.csv")
        member.size = len(OURS)
        archive.addfile(member, io.BytesIO(OURS))
    return packed.getvalue()


def parquet():
    written = io.BytesIO()
    pl.DataFrame({"a": [1]}).write_parquet(written)
    return written.getvalue()


def database(folder):
    with sqlite3.connect(folder / "x.db") as connection:
        connection.execute("create table x (a)")
    return (folder / "x.db").read_bytes()


OTHERS = [
    *((page, PAGE) for page in PAGES),
    (zipped("2019-Oct.csv"), f"is a zip archive; {UNPACK}."),
    (zipped("xl/workbook.xml"), "is an Excel workbook; export it as CSV."),
    (tarred(), f"is a tar archive; {UNPACK}."),
    (parquet(), "is a Parquet file; export it as CSV."),
    (
        b'<?xml version="1.0"?><Error><Code>AccessDenied</Code>',
        "is XML, not CSV; export it as CSV.",
    ),
    (b'{"event_time": 1}', "is JSON, not CSV; export it as CSV."),
    (b'\n[\n {"event_time": 1}', "is JSON, not CSV; export it as CSV."),
    (b"%PDF-1.7\n", "is a PDF document; deliver the CSV itself."),
    (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
        "is a Git LFS pointer; fetch the file with git lfs pull.",
    ),
    (OURS.decode().encode("utf-16"), UTF_16),
    (OURS.decode().encode("utf-16-le"), UTF_16),
    (OURS.decode().encode("utf-16-be"), UTF_16),
    (("\n\n" + OURS.decode()).encode("utf-16-le"), UTF_16),
    (OURS.decode().encode("utf-32"), UTF_32),
    (OURS.decode().encode("utf-32-be"), UTF_32),
    (bytes(4096), "is nothing but NUL bytes; download or copy it again."),
    (b"\x01\x00\xff\xfe\x80" * 40, "is binary data, not text; deliver the CSV itself."),
    (b"\x80\x81\x02\x03\xff" * 40, "is binary data, not text; deliver the CSV itself."),
    (OURS.replace(b"\n", b"\r"), ALONE),
    (b"", "is empty; deliver it again."),
    (b" \r\n\n\t\n", "is empty; deliver it again."),
    (b"\xef\xbb\xbf", "is empty; deliver it again."),
]


@pytest.mark.parametrize("name", ["2019-Oct.csv", "2019-Oct.csv.gz"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize(("text", "sentence"), OTHERS)
def test_the_first_bytes_say_what_it_is_whatever_its_name(tmp_path, name, pack, text, sentence):
    file = tmp_path / name
    file.write_bytes(pack(text))
    with pytest.raises(LandingError) as refused:
        read(file)
    assert str(refused.value) == f"{name} {sentence}"


def test_a_database_under_our_name_is_one(tmp_path):
    assert what_it_is(database(tmp_path)).name == "a SQLite database"


def test_what_was_packed_twice_is_unpacked_once(tmp_path):
    file = tmp_path / "2019-Oct.csv.gz"
    file.write_bytes(gzip.compress(gzip.compress(OURS)))
    with pytest.raises(LandingError, match=r"is packed with gzip twice; unpack it once\."):
        read(file)


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_a_file_that_begins_so_is_that(each):
    assert what_it_is(each.magic + b"\x01\x02\x03 text" * 90).name == each.name


@pytest.mark.parametrize(
    "head",
    [
        OURS,
        b"\xef\xbb\xbf" + OURS,
        b"\r\n\n" + OURS,
        OURS[:20],
        b"a,\x1b[2J,b\n",
        b"",
        b"caf\xe9\n",
    ],
)
def test_text_may_be_csv(head):
    assert what_it_is(head) is None


def test_a_zero_byte_in_a_row_condemns_no_file(tmp_path):
    kept, rejected = read(landed(tmp_path, line(), line(price="\x00")))
    assert (kept.height, rejected["reason"].to_list()) == (1, ["unparsable_price"])


def test_a_line_without_end_is_not_read_whole(tmp_path):
    file = landed(tmp_path, line())
    file.write_bytes(file.read_bytes() + b"x" * (1 << 26))
    with pytest.raises(LandingError, match="has a line of more than 33,554,432 bytes"):
        read(file)
