"""Where the settings say that things lie: paths and addresses that the libraries can take."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

from amazing_assets.errors import quoted
from amazing_assets.locations import BucketPath, location_of
from amazing_assets.variables import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amazing_assets.locations import Location

# Where MLflow keeps registered models: servers and databases.
_MODEL_STORE = re.compile(r"(?:https?|sqlite|postgresql|mysql|mssql)(?:\+\w+)?://[ -~]+\Z")

# Polars reads them as patterns, the addresses of SQLite databases as their own.
_SPECIAL = frozenset("?*[]%#")

# SQLite opens no path of more than 512 bytes, and Dagster's databases lie deep in a home.
_LONGEST = 380

_LAST_PORT = 65_535
_SCHEDULER = re.compile(r"(?:tcp|tls)://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}")

# The bucket names that S3 allows, and any path.
_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/.*)?")

# Of a warehouse on a server: the way to write its address, and the port unless it says one.
_SERVERS = {"postgresql": 5432, "redshift": 5439}

# The schema of all tables; on a server each of several markets has one of its own.
SCHEMA = "amazing"

# The role that Redshift takes to read what is staged for it.
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")

# A role of the database that may read, as it is written without quotation marks.
_READERS = re.compile(r"[a-z_][a-z0-9_$]{0,62}")


@dataclass(frozen=True)
class Server:
    """A warehouse on a server, as far as it is no secret.

    Attributes:
        address: As the setting says, without the password.
        schema: Of all tables of a market.
        readers: Role of the database that may read them; empty: nobody is granted anything.
        stage: Of Redshift, `s3://bucket/prefix` where files lie until they are loaded.
        role: Of Redshift, the ARN of the role with which it reads them.
    """

    address: str
    schema: str = SCHEMA
    readers: str = ""
    stage: str = ""
    role: str = ""

    @property
    def kind(self) -> str:
        """Which database it is: `postgresql` or `redshift`."""
        return urlsplit(self.address).scheme

    def __str__(self) -> str:
        """Return the address, as a sentence shows it."""
        return quoted(self.address, 200)


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


def file_of(env: Mapping[str, str], name: str) -> Path | None:
    """Return the file that a variable names; None: it names none."""
    return folder_of(env, name, Path()) if env.get(name) else None


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


def model_store_of(env: Mapping[str, str]) -> str | None:
    """Return the address of MLflow that the variables name; None: they name none."""
    value = env.get("MLFLOW_TRACKING_URI") or None
    if value is not None and not _MODEL_STORE.match(value):
        # A password may stand in it.
        raise SettingsError(
            "MLFLOW_TRACKING_URI is not accepted; give an address such as "
            "https://mlflow.example.com, postgresql://host/mlflow or sqlite:////folder/mlflow.db."
        )
    return value


def warehouse_of(env: Mapping[str, str], default: Path) -> Path | Server:
    """Return the DuckDB file, or the server, that the variables name.

    Raises:
        SettingsError: They name none; the message repeats no password.
    """
    value = env.get("AMAZING_WAREHOUSE") or ""
    readers = env.get("AMAZING_WAREHOUSE_READERS") or ""
    if readers and not _READERS.fullmatch(readers):
        raise SettingsError(
            f"AMAZING_WAREHOUSE_READERS={quoted(readers)} is not accepted; give the name of one "
            f"role of the database such as analysts."
        )
    if "://" not in value:
        return folder_of(env, "AMAZING_WAREHOUSE", default)
    address = _without_password(value)
    if address is None:
        raise SettingsError(
            "AMAZING_WAREHOUSE is not accepted; give the path of a DuckDB file or an address such "
            "as postgresql://user:password@host/database or redshift://user:password@host/database."
        )
    market = env.get("AMAZING_MARKET")
    schema = f"{SCHEMA}_{market.lower()}" if market else SCHEMA
    server = Server(address, schema, readers)
    return server if server.kind == "postgresql" else _loaded_from_s3(env, server)


def _loaded_from_s3(env: Mapping[str, str], server: Server) -> Server:
    stage, role = (env.get(f"AMAZING_REDSHIFT_{name}") or "" for name in ("STAGE", "ROLE"))
    if not _BUCKET.fullmatch(stage):
        raise SettingsError(
            f"AMAZING_REDSHIFT_STAGE={quoted(stage)} is not accepted; give the address where files "
            f"lie until Redshift has loaded them, such as s3://bucket/prefix."
        )
    if not _ROLE.fullmatch(role):
        raise SettingsError(
            f"AMAZING_REDSHIFT_ROLE={quoted(role)} is not accepted; give the role with which "
            f"Redshift reads them, such as arn:aws:iam::123456789012:role/redshift."
        )
    return replace(server, stage=stage.rstrip("/"), role=role)


def warehouse_password_of(env: Mapping[str, str]) -> str | None:
    """Return the password of the warehouse's address; None: it has none."""
    value = env.get("AMAZING_WAREHOUSE") or ""
    if _without_password(value) is None:
        return None
    password = urlsplit(value).password
    return unquote(password) if password else None


def _without_password(value: str) -> str | None:
    """Return the address of a database without the password and with a port; None: it is none."""
    try:
        parts = urlsplit(value)
        port = parts.port or _SERVERS[parts.scheme]
    except (ValueError, KeyError):
        return None
    if not parts.hostname or not parts.path.strip("/") or not value.isprintable():
        return None
    user = f"{parts.username}@" if parts.username else ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return urlunsplit(parts._replace(netloc=f"{user}{host}:{port}"))
