"""Where the settings say that things lie: paths and addresses that the libraries can take."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from amazing_assets.errors import quoted
from amazing_assets.variables import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

# Where MLflow keeps registered models: servers and databases.
MODEL_STORE = re.compile(r"(?:https?|sqlite|postgresql|mysql|mssql)(?:\+\w+)?://[ -~]+\Z")

# Polars reads them as patterns, the addresses of SQLite databases as their own.
_SPECIAL = frozenset("?*[]%#")

# SQLite opens no path of more than 512 bytes, and Dagster's databases lie deep in a home.
_LONGEST = 380

# The bucket names that S3 allows, and any path.
_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/.*)?")


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


def home_of(env: Mapping[str, str]) -> Path:
    """Return the home that the environment names; by default `.amazing` of this folder."""
    value = env.get("AMAZING_HOME") or ".amazing"
    _refuse_path("AMAZING_HOME", value)
    return Path(value).absolute()


def folder_of(env: Mapping[str, str], name: str, default: Path) -> Path:
    """Return the local folder, or file, that a variable names."""
    value = env.get(name)
    if not value:
        return default
    if "://" in value:
        raise SettingsError(
            f"{name}={quoted(value)} is not accepted; give the path of a local folder."
        )
    _refuse_path(name, value)
    return Path(value).absolute()


def _refuse_path(name: str, value: str) -> None:
    # What is relative is read from here, and this folder may have an odd name itself.
    why = objection(value) or objection(str(Path(value).absolute()))
    if why:
        raise SettingsError(
            f"{name}={quoted(value)} is not accepted, for {why}; give the path of another folder."
        )


def place_of(env: Mapping[str, str], name: str, default: Path) -> str:
    """Return the local folder or the bucket address that a variable names."""
    value = env.get(name) or ""
    if "://" not in value:
        return str(folder_of(env, name, default))
    if not _BUCKET.fullmatch(value):
        # Some write their keys into the address, and a message ends in a log.
        shown = re.sub(r"//.*@", "//***@", value)
        raise SettingsError(
            f"{name}={quoted(shown)} is not accepted; give the path of a local folder or an "
            f"address such as s3://bucket/prefix."
        )
    return value.rstrip("/")


def is_web_address(value: str) -> bool:
    """Whether a value is the address of a web server."""
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises if it is none
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and value.isprintable()


def address_of(env: Mapping[str, str], name: str, example: str) -> str | None:
    """Return the address of a web server that a variable names; None: it names none."""
    value = env.get(name)
    if not value:
        return None
    if not is_web_address(value):
        raise SettingsError(
            f"{name}={quoted(value)} is not accepted; give an address such as {example}."
        )
    return value.rstrip("/")
