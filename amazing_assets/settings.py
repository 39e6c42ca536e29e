"""Every environment variable of the platform, named once and validated once.

Nothing else reads the environment; a wrong value is answered with the accepted ones.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from amazing_assets.dates import is_month

if TYPE_CHECKING:
    from collections.abc import Mapping

ENVIRONMENTS = ("local", "production")

# 32 shards keep 70 million events a month at 2.2 million events a shard, some 0.5 GB of work.
DEFAULT_SHARDS = 32

# The first month of the multi-category store.
DEFAULT_FIRST_MONTH = "2019-10"


class SettingsError(Exception):
    """An environment variable holds a value that the platform does not accept."""


@dataclass(frozen=True)
class Settings:
    """Where everything is and how it runs.

    Attributes:
        home: Folder of everything the platform keeps.
        landing: Folder in which event files land.
        lake: Folder of the customer-sharded tables.
        warehouse: DuckDB file of the tables that people query.
        environment: One of `ENVIRONMENTS`.
        shards: Number of customer shards of a new lake.
        first_month: First monthly partition, as `2019-10`.
        mlflow_tracking_uri: Where models are registered.
    """

    home: Path
    landing: Path
    lake: Path
    warehouse: Path
    environment: str
    shards: int
    first_month: str
    mlflow_tracking_uri: str

    @property
    def dagster_home(self) -> Path:
        """Folder of Dagster's own runs, events and logs."""
        return self.home / "dagster"

    @property
    def reports(self) -> Path:
        """Folder of the reports, a folder in it for each month."""
        return self.home / "reports"

    @property
    def artifacts(self) -> Path:
        """Folder of MLflow's artifacts."""
        return self.home / "artifacts"

    @property
    def key_file(self) -> Path:
        """File of the pseudonym key, made at first use."""
        return self.home / "pseudonym.key"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and validate the settings.

    Raises:
        SettingsError: A variable holds a value that is not accepted.
    """
    env = os.environ if environment is None else environment  # noqa: TID251  the one place
    home = Path(env.get("AMAZING_HOME") or ".amazing").absolute()
    return Settings(
        home=home,
        landing=_folder(env, "AMAZING_LANDING", home / "landing"),
        lake=_folder(env, "AMAZING_LAKE", home / "lake"),
        warehouse=_folder(env, "AMAZING_WAREHOUSE", home / "warehouse.duckdb"),
        environment=_one_of(env, "AMAZING_ENVIRONMENT", ENVIRONMENTS),
        shards=_shards(env),
        first_month=_first_month(env),
        mlflow_tracking_uri=env.get("MLFLOW_TRACKING_URI") or f"sqlite:///{home / 'mlflow.db'}",
    )


def pseudonym_key(environment: Mapping[str, str] | None = None) -> str | None:
    """Return the key given by the environment: a secret, so it is never kept in `Settings`."""
    env = os.environ if environment is None else environment  # noqa: TID251  the one place
    return env.get("AMAZING_PSEUDONYM_KEY") or None


def set_for_children(**variables: str) -> None:
    """Set variables that Dagster or a library reads by itself."""
    os.environ.update(variables)  # noqa: TID251  the one place


def _folder(env: Mapping[str, str], name: str, default: Path) -> Path:
    value = env.get(name)
    if not value:
        return default
    if "://" in value:
        raise SettingsError(f"{name}={value} is not accepted; give the path of a local folder.")
    return Path(value).absolute()


def _one_of(env: Mapping[str, str], name: str, accepted: tuple[str, ...]) -> str:
    value = env.get(name) or accepted[0]
    if value not in accepted:
        raise SettingsError(f"{name}={value} is not accepted; use one of {', '.join(accepted)}.")
    return value


def _shards(env: Mapping[str, str]) -> int:
    value = env.get("AMAZING_SHARDS") or str(DEFAULT_SHARDS)
    if not value.isdecimal() or not 1 <= int(value) <= 256:  # noqa: PLR2004  said in the message
        raise SettingsError(f"AMAZING_SHARDS={value} is not accepted; use a number from 1 to 256.")
    return int(value)


def _first_month(env: Mapping[str, str]) -> str:
    value = env.get("AMAZING_FIRST_MONTH") or DEFAULT_FIRST_MONTH
    if not is_month(value):
        raise SettingsError(
            f"AMAZING_FIRST_MONTH={value} is not accepted; write it like {DEFAULT_FIRST_MONTH}."
        )
    return value
