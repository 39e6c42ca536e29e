"""Where the settings say that things lie: paths and addresses that the libraries can take."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from amazing_assets.errors import quoted
from amazing_assets.variables import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

# Where MLflow keeps registered models: servers and databases.
_MODEL_STORE = re.compile(r"(?:https?|sqlite|postgresql|mysql|mssql)(?:\+\w+)?://[ -~]+\Z")

# Polars reads them as patterns, the addresses of SQLite databases as their own.
_SPECIAL = frozenset("?*[]%#")

# SQLite opens no path of more than 512 bytes, and Dagster's databases lie deep in a home.
_LONGEST = 380

_S3 = "s3://"

_LAST_PORT = 65_535
_SCHEDULER = re.compile(r"(?:tcp|tls)://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}")

# The bucket names that S3 allows, and any path.
_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/.*)?")


@dataclass(frozen=True)
class BucketPath:
    """A place in a bucket, put together as a `Path` is; nothing is asked of the bucket.

    Attributes:
        bucket: Name of the bucket.
        key: What stands after it, without a slash at either end; empty: the bucket itself.
    """

    bucket: str
    key: str = ""

    @classmethod
    def of(cls, address: str) -> BucketPath:
        """Return the place of an address such as `s3://bucket/prefix`."""
        bucket, _, key = address.removeprefix(_S3).partition("/")
        return cls(bucket, key.strip("/"))

    def __truediv__(self, name: str) -> BucketPath:
        return BucketPath(self.bucket, f"{self.key}/{name}".lstrip("/"))

    def __str__(self) -> str:
        return f"{_S3}{self.bucket}/{self.key}".rstrip("/")

    @property
    def name(self) -> str:
        """What stands after the last slash."""
        return self.key.rpartition("/")[2]

    @property
    def parent(self) -> BucketPath:
        """The place in which it lies."""
        return BucketPath(self.bucket, self.key.rpartition("/")[0])


Location = Path | BucketPath


def location_of(address: str) -> Location:
    """Return the place of a path, or of an address such as `s3://bucket/prefix`."""
    return BucketPath.of(address) if address.startswith(_S3) else Path(address)


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


def lake_of(env: Mapping[str, str], default: Path) -> Location:
    """Return where the lake lies."""
    where = location_of(place_of(env, "AMAZING_LAKE", default))
    if isinstance(where, BucketPath) and (why := objection(where.key)):
        raise SettingsError(
            f"AMAZING_LAKE={quoted(where)} is not accepted, for {why}; give another prefix."
        )
    return where


def calendar_of(env: Mapping[str, str]) -> Path | None:
    """Return the file of sales and holidays; None: the one that is shipped."""
    if not env.get("AMAZING_CALENDAR"):
        return None
    return folder_of(env, "AMAZING_CALENDAR", Path())


def model_store_of(env: Mapping[str, str]) -> str | None:
    """Return the address at which MLflow keeps models; None: it is not set."""
    value = env.get("MLFLOW_TRACKING_URI") or None
    if value is not None and not _MODEL_STORE.match(value):
        # A password may stand in it.
        raise SettingsError(
            "MLFLOW_TRACKING_URI is not accepted; give an address such as "
            "https://mlflow.example.com, postgresql://host/mlflow or sqlite:////folder/mlflow.db."
        )
    return value


def cluster_of(env: Mapping[str, str]) -> str | None:
    """Return the address of a Dask scheduler; None: work is done here."""
    value = env.get("AMAZING_CLUSTER") or None
    is_address = value is None or _SCHEDULER.fullmatch(value)
    if value and (not is_address or int(value.rpartition(":")[2]) > _LAST_PORT):
        raise SettingsError(
            f"AMAZING_CLUSTER={quoted(value)} is not accepted; give the address of a Dask "
            f"scheduler such as tcp://scheduler:8786 or tls://scheduler:8786."
        )
    return value


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
