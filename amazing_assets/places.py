"""Which paths and addresses can be taken: libraries take fewer than file systems do."""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit

# The bucket names that S3 allows, and any path.
BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/.*)?")

# Where MLflow keeps registered models: servers and databases.
MODEL_STORE = re.compile(r"(?:https?|sqlite|postgresql|mysql|mssql)(?:\+\w+)?://[ -~]+\Z")

# Polars reads them as patterns, the addresses of SQLite databases as their own.
_SPECIAL = frozenset("?*[]%#")

# SQLite opens no path of more than 512 bytes, and Dagster's databases lie deep in a home.
_LONGEST = 380


def objection(path: str) -> str | None:
    """Return why a folder, or a file, can lie at no such path; None: it can."""
    if any(0xDC80 <= ord(character) < 0xDD00 for character in path):  # noqa: PLR2004  undecodable bytes
        return "its bytes are no UTF-8"
    if not path.isprintable():
        return "it holds a control character"
    if found := sorted(_SPECIAL.intersection(path)):
        return f"it holds {found[0]}, which databases and readers of files take for their own"
    if path.startswith("~"):
        return "~ is written out by shells alone"
    if len(os.fsencode(path)) > _LONGEST:
        return f"it is longer than {_LONGEST} bytes"
    return None


def is_web_address(value: str) -> bool:
    """Whether a value is the address of a web server."""
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises if it is none
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and value.isprintable()
