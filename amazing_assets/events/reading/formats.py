"""What a file is, by its first bytes and never by its name, and what to do if it is no CSV."""

from __future__ import annotations

import re
from typing import NamedTuple

_UNPACK = "unpack it and deliver the CSV inside, plain or packed with gzip"
_EXPORT = "export it as CSV"
_ORIGINAL = "deliver the CSV itself"
_UTF_8 = "save it as UTF-8"
_DOWNLOAD = "download the file itself, signed in, and deliver it again"


class Format(NamedTuple):
    """How a kind of file begins, what it is, and the remedy."""

    magic: bytes
    name: str
    remedy: str


FORMATS = (
    Format(b"PK\x03\x04", "a zip archive", _UNPACK),
    Format(b"PK\x05\x06", "a zip archive", _UNPACK),
    Format(b"PK\x07\x08", "a zip archive", _UNPACK),
    Format(b"\x1f\x8b", "packed with gzip twice", "unpack it once"),
    Format(b"BZh", "packed with bzip2", _UNPACK),
    Format(b"\xfd7zXZ\x00", "packed with xz", _UNPACK),
    Format(b"\x28\xb5\x2f\xfd", "packed with zstd", _UNPACK),
    Format(b"\x04\x22\x4d\x18", "packed with lz4", _UNPACK),
    Format(b"\x1f\x9d", "packed with compress", _UNPACK),
    Format(b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    Format(b"Rar!\x1a\x07", "a rar archive", _UNPACK),
    Format(b"PAR1", "a Parquet file", _EXPORT),
    Format(b"ARROW1", "an Arrow file", _EXPORT),
    Format(b"Obj\x01", "an Avro file", _EXPORT),
    Format(b"SQLite format 3\x00", "a SQLite database", _EXPORT),
    Format(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook", _EXPORT),
    Format(b"\x89HDF\r\n\x1a\n", "an HDF5 file", _EXPORT),
    Format(b"%PDF", "a PDF document", _ORIGINAL),
    Format(b"{\\rtf", "an RTF document", _ORIGINAL),
    Format(b"\x89PNG", "a picture", _ORIGINAL),
    Format(b"\xff\xd8\xff", "a picture", _ORIGINAL),
    Format(b"\x00\x05\x16\x07", "what macOS keeps beside a file", _ORIGINAL),
    Format(b"version https://git-lfs", "a Git LFS pointer", "fetch the file with git lfs pull"),
    Format(b"/annex/objects/", "a git-annex pointer", "fetch the file with git annex get"),
    Format(b"\xff\xfe\x00\x00", "UTF-32 text", _UTF_8),
    Format(b"\x00\x00\xfe\xff", "UTF-32 text", _UTF_8),
    Format(b"\xff\xfe", "UTF-16 text", _UTF_8),
    Format(b"\xfe\xff", "UTF-16 text", _UTF_8),
    Format(b"{", "JSON, not CSV", _EXPORT),
    Format(b"[", "JSON, not CSV", _EXPORT),
)
_WORKBOOK = Format(b"PK", "an Excel workbook", _EXPORT)
_TAR = Format(b"", "a tar archive", _UNPACK)
_WEB_PAGE = Format(b"<", "a web page, not CSV", _DOWNLOAD)
_XML = Format(b"<", "XML, not CSV", _EXPORT)
_UTF_16 = Format(b"", "UTF-16 text", _UTF_8)
_UTF_32 = Format(b"", "UTF-32 text", _UTF_8)
_ZEROS = Format(b"\x00", "nothing but NUL bytes", "download or copy it again")
_BINARY = Format(b"", "binary data, not text", _ORIGINAL)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_INSIDE_A_WORKBOOK = re.compile(rb"\[Content_Types\]\.xml|xl/")
_BEFORE_MARKUP = re.compile(rb"(?:\s+|<!--.*?-->|<\?xml.*?\?>)*", re.DOTALL)
_MARKUP_OF_A_PAGE = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|meta|title|div|p|h1)\b", re.IGNORECASE
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")

# Where the name of the format stands in a tar archive.
_TAR_MAGIC, _TAR_AT = b"ustar", 257

# So many bytes tell UTF-16 without a mark by its NUL bytes; of ASCII nearly all are.
_LOOKED_AT, _NEARLY_ALL, _HARDLY_ANY = 512, 0.8, 0.1


def what_it_is(head: bytes) -> Format | None:
    """Return what a file is that cannot be read as CSV; None if it may be.

    Args:
        head: Its first bytes, unpacked if it is packed with gzip.
    """
    return _marked(head) or _marked(text_of(head)) or _markup(text_of(head)) or _unmarked(head)


def text_of(head: bytes) -> bytes:
    """Return a head without byte order mark and blank lines, on which nobody judges a file."""
    return head.removeprefix(_BYTE_ORDER_MARK).lstrip()


def _marked(head: bytes) -> Format | None:
    found = next((each for each in FORMATS if head.startswith(each.magic)), None)
    if found and found.magic.startswith(b"PK") and _INSIDE_A_WORKBOOK.search(head):
        return _WORKBOOK
    is_tar = head[_TAR_AT:].startswith(_TAR_MAGIC)
    return found or (_TAR if is_tar else None)


def _markup(text: bytes) -> Format | None:
    if not text.startswith(b"<"):
        return None
    before = _BEFORE_MARKUP.match(text)
    rest = text[before.end() if before else 0 :]
    return _WEB_PAGE if _MARKUP_OF_A_PAGE.match(rest) else _XML


def _unmarked(head: bytes) -> Format | None:
    """What is told by NUL bytes and by a first line that is no text."""
    first_line = text_of(head).split(b"\n", 1)[0]
    if b"\x00" not in head[:_LOOKED_AT]:
        return None if _is_text(first_line) else _BINARY
    if not head.strip(b"\x00"):
        return _ZEROS
    return _wide(head[:_LOOKED_AT]) or (None if b"\x00" not in first_line else _BINARY)


def _is_text(line: bytes) -> bool:
    """Whether a line may be a header, if a strange one; a terminal's codes alone are text."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return not _CONTROL.search(line)
    return True


def _wide(head: bytes) -> Format | None:
    """UTF-16 or UTF-32 without a mark: of ASCII every second byte, or three of four, are NUL."""
    shares = [head[offset::4].count(0) / max(1, len(head[offset::4])) for offset in range(4)]
    zeros = sum(share >= _NEARLY_ALL for share in shares)
    texts = sum(share <= _HARDLY_ANY for share in shares)
    return {(2, 2): _UTF_16, (3, 1): _UTF_32}.get((zeros, texts))
