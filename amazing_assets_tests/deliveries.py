"""Random deliveries: files of every kind that people bring, whole, cut, mixed and misnamed.

One number makes one delivery, always the same; a failing test names it.
"""

import bz2
import gzip
import io
import os
import random
import zipfile
from dataclasses import dataclass
from pathlib import Path

from amazing_assets_tests.builders import LINE, OUR_HEADER

MONTH = "2019-10"

TIMES = ("2019-10-01 00:00:00 UTC", "2019-10-31 23:59:59 UTC", "2019-10-15 12:30:00 UTC")
ODD_TIMES = (
    "2019-10-01T00:00:00Z",
    "2019-11-01 00:00:00 UTC",
    "01/10/2019 00:00",
    "2019-10-32",
    "",
)
ODD_PRICES = ("", "0", "-12.50", "1e400", "9" * 30, "12,5", "nan", "NULL", "inf", "0x1F", "1.005")
ODD_IDS = ("", "-1", "0", "9" * 25, "12a", "5.3E+08", "\\N", " 7 ", "1.0", "٣")
ODD_TEXTS = (
    "",
    "None",
    "é",
    "\x1b[31mred",
    '12" tv',
    '"',
    "a\tb",
    "日本",
    "x" * 3_000,
    "=1+1",
    "\x00",
    "\u202e",
)
MORE_HEADERS = (
    OUR_HEADER.upper(),
    OUR_HEADER.replace(",", ";"),
    OUR_HEADER.replace("price", "prix"),
    OUR_HEADER + ",extra",
    OUR_HEADER.replace("user_id,", ""),
    OUR_HEADER + "," + OUR_HEADER,
    OUR_HEADER.replace("brand", "\x1b[2Jbrand\n"),
    f'"{OUR_HEADER}"',
    "",
    "\x00\xff",
)
GOOD_NAMES = (
    "2019-Oct.csv",
    "2019-Oct.csv.gz",
    "2019-Oct.part1.csv",
    "2019-Oct.part2.csv.gz",
    "2019-Oct.part3.csv",
)
ODD_NAMES = (
    "2019-Oct (1).csv",
    "2019-10.csv",
    "2019-Oct.csv.zip",
    "2019-Oct.CSV",
    "2019-Nov.csv",
    "2019-Oct\x1b[31m.csv",
    "2019-Oct\n.csv",
    "2019-Oct.csv.gz.part",
    ".2019-Oct.csv",
    "октябрь.csv",
    "2019-Oct" + "x" * 200 + ".csv",
    os.fsdecode(b"2019-Oct\xff.csv"),
)
PAGES = (
    b"<!DOCTYPE html><html><body>Sign in</body></html>\n",
    b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
    b"PAR1\x15\x04\x15PAR1",
    b'{"event_time": "2019-10-01", "rows": []}\n',
    b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    b"\n\n\n",
    b"",
    b"\x1f\x8b",
    b"\xef\xbb\xbf",
    b'"',
)


@dataclass(frozen=True)
class Delivery:
    """Files that land together.

    Attributes:
        files: Their bytes, by name.
        rows: How many rows they hold together; None: nobody can say.
    """

    files: dict[str, bytes]
    rows: int | None

    def land(self, folder: Path) -> None:
        for name, content in self.files.items():
            (folder / name).write_bytes(content)


def delivery(seed):
    """Some files of October, and what lies beside them."""
    chance = random.Random(seed)  # noqa: S311  a test
    plain = chance.random() < 0.3
    names = chance.sample(GOOD_NAMES, chance.choice((1, 1, 1, 2, 3)))
    if not plain and chance.random() < 0.3:
        names += chance.sample(ODD_NAMES, chance.choice((1, 2)))
    if plain:
        # Two names of one file are refused.
        names = list({name.removesuffix(".gz"): name for name in names}.values())
        counts = [chance.choice((1, 3, 40)) for _ in names]
        files = {
            name: packed(name, text(good_rows(chance, count)))
            for name, count in zip(names, counts, strict=True)
        }
        return Delivery(files, sum(counts))
    return Delivery({name: content(chance, name) for name in names}, None)


def good_rows(chance, count):
    return [row(chance, 0) for _ in range(count)]


def row(chance, oddness):
    """A row; each of its values is odd with some probability."""
    values = LINE | {
        "event_time": chance.choice(TIMES),
        "event_type": chance.choice(("view", "view", "cart", "purchase")),
        "price": f"{chance.uniform(0, 500):.2f}",
        "user_id": str(chance.randrange(500_000_000, 500_000_009)),
        "user_session": f"72d76fde-8bb3-4e00-8c23-a032dfed{chance.randrange(16**4):04x}",
    }
    odd = {"event_time": ODD_TIMES, "price": ODD_PRICES, "user_id": ODD_IDS, "product_id": ODD_IDS}
    for name in values:
        if chance.random() < oddness:
            values[name] = chance.choice(odd.get(name, ODD_TEXTS))
    found = ",".join(values.values())
    return found + "," * chance.choice((1, 5)) if chance.random() < oddness / 4 else found


def text(rows, header=OUR_HEADER, end="\n", encoding="utf-8"):
    return "".join(line + end for line in (header, *rows)).encode(encoding, "backslashreplace")


def packed(name, content):
    return gzip.compress(content, 1) if name.endswith(".gz") else content


def content(chance, name):
    """What lies under a name: mostly rows, mostly packed as the name says, often hurt."""
    if chance.random() < 0.12:
        return hurt(chance, chance.choice(PAGES))
    oddness = chance.choice((0, 0, 0.01, 0.1, 0.5))
    rows = [row(chance, oddness) for _ in range(chance.choice((0, 1, 2, 30, 200)))]
    if chance.random() < 0.15:
        rows.insert(
            chance.randrange(len(rows) + 1), chance.choice(("", "  ", OUR_HEADER, ",,,,,,,,"))
        )
    header = chance.choice(MORE_HEADERS) if chance.random() < 0.2 else OUR_HEADER
    end = chance.choice(("\n", "\n", "\n", "\r\n", "\r", "\n\n"))
    encoding = chance.choice(
        ("utf-8",) * 6 + ("utf-8-sig", "utf-16", "utf-16-be", "latin-1", "cp1252")
    )
    whole = text(rows, header, end, encoding)
    if chance.random() < 0.3:
        whole = hurt(chance, whole)
    found = otherwise_packed(chance, whole) if chance.random() < 0.2 else packed(name, whole)
    return hurt(chance, found) if chance.random() < 0.2 else found


def otherwise_packed(chance, content):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as inside:
        inside.writestr("2019-Oct.csv", content)
    return chance.choice(
        (
            content,
            gzip.compress(content, 1),
            gzip.compress(content, 1) + gzip.compress(content, 1),
            gzip.compress(gzip.compress(content, 1), 1),
            archive.getvalue(),
            bz2.compress(content),
        )
    )


def hurt(chance, content):
    """Bytes cut off, changed, put in, or repeated."""
    place = chance.randrange(len(content) + 1)
    some = chance.randbytes(chance.choice((1, 1, 8, 300)))
    return chance.choice(
        (
            content[:place],
            content[place:],
            content[:place] + some + content[place + len(some) :],
            content[:place] + some + content[place:],
            content + content,
            content[:-1],
            content[:place] + b"\x00" * len(some) + content[place:],
        )
    )
