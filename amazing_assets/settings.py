"""Every environment variable of the platform, named once and validated once.

Nothing else reads the environment; a wrong value is answered with the accepted ones.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from amazing_assets.dates import is_month
from amazing_assets.errors import quoted
from amazing_assets.places import (
    address_of,
    calendar_of,
    cluster_of,
    folder_of,
    home_of,
    is_web_address,
    lake_of,
    model_store_of,
    place_of,
)
from amazing_assets.quantities import (
    contact_budget_of,
    holdout_of,
    retrains_at_once,
    seconds_of,
    shards_of,
)
from amazing_assets.variables import SECRETS, SettingsError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amazing_assets.places import Location

# The zone of hours of the day and of days of activity; events are stored in UTC whatever it is.
DEFAULT_TIME_ZONE = "UTC"

# Of the system's list, but a file of this machine, and none at all.
_NO_ZONES = frozenset({"localtime", "Factory"})

# The first month of the multi-category store.
DEFAULT_FIRST_MONTH = "2019-10"

# A month has arrived once its files have stayed the same for this long; growth or another part
# starts the clock again. Long enough for the pause between two parts and for an upload that is
# tried again, short against one file a month. Too short costs a run that fails on a cut file and
# is repeated when the file has grown; too long costs minutes.
DEFAULT_SETTLE_SECONDS = 180

# Months come once a month: half a minute is soon, and a look costs next to nothing.
DEFAULT_SENSOR_SECONDS = 30

# Where `amazing dev` serves the reports: at the port after that of the web UI.
DEFAULT_REPORTS_URL = "http://127.0.0.1:3001"

# What may lead out of a home: a demo has all of it in its own.
_OUTSIDE = (
    "AMAZING_LANDING",
    "AMAZING_LAKE",
    "AMAZING_WAREHOUSE",
    "AMAZING_PSEUDONYM_KEY",
    "AMAZING_LISTS",
    # Its workers may not reach a folder of this machine.
    "AMAZING_CLUSTER",
    "AMAZING_REQUESTS",
    "MLFLOW_TRACKING_URI",
)


@dataclass(frozen=True)
class Settings:
    """Where everything is and how it runs.

    Attributes:
        home: Folder of everything the platform keeps.
        landing: Folder in which event files land, or `s3://bucket/prefix`.
        lake: Folder, or place in a bucket, of the customer-sharded tables.
        warehouse: DuckDB file of the tables that people query.
        shards: Number of customer shards; None: the lake's own, or by the size of its first month.
        first_month: First monthly partition, as `2019-10`.
        settle_seconds: How long the files of a month stay unchanged before it is run.
        sensor_seconds: How long sensors wait from one look to the next.
        mlflow_tracking_uri: Where models are registered.
        time_zone: IANA name of the time zone of hours of the day and of days of activity.
        web_ui: Address of Dagster's web UI, which alerts link to; None: not known.
        reports_url: Address of the folder of the reports, without a slash at its end.
        columns: Our name of every column that the shop's files call otherwise.
        calendar: File of sales and holidays; None: the one that is shipped.
        holdout: Share of the customers whom no campaign reaches.
        contact_budget: Customers of a week who can be contacted, of each list.
        lists: Folder, or `s3://bucket/prefix`, of lists for campaigns.
        cluster: Address of a Dask scheduler that work on shards goes to; None: it is done here.
        requests: Folder of files of customers who ask to be forgotten.
        retrains_at_once: Whether models that had seen an erased customer are trained at once.
    """

    home: Path
    landing: str
    lake: Location
    warehouse: Path
    shards: int | None
    first_month: str
    settle_seconds: int
    sensor_seconds: int
    mlflow_tracking_uri: str
    time_zone: str
    web_ui: str | None
    reports_url: str
    columns: Mapping[str, str]
    calendar: Path | None
    holdout: float
    contact_budget: int
    lists: str
    cluster: str | None
    requests: Path
    retrains_at_once: bool

    @property
    def has_model_store(self) -> bool:
        """Whether the store of models was made; one that is no file is taken to be there."""
        file = self.mlflow_tracking_uri.removeprefix("sqlite:///")
        return file == self.mlflow_tracking_uri or Path(file).exists()

    @property
    def disks(self) -> tuple[Path, ...]:
        """Folders that are written to, which may lie on several disks."""
        lake = (self.lake,) if isinstance(self.lake, Path) else ()
        return (self.home, *lake, self.warehouse.parent)

    @property
    def dagster_home(self) -> Path:
        """Folder of Dagster's own runs, events and logs."""
        return self.home / "dagster"

    @property
    def reports(self) -> Path:
        """Folder of the reports, a folder in it for each month."""
        return self.home / "reports"

    @property
    def logs(self) -> Path:
        """Folder of the tracebacks of what nobody foresaw."""
        return self.home / "logs"

    @property
    def artifacts(self) -> Path:
        """Folder of MLflow's artifacts."""
        return self.home / "artifacts"

    @property
    def api_keys(self) -> Path:
        """File of the hashes of the keys that open the HTTP service."""
        return self.home / "api-keys.json"

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
    if unknown := unknown_name(env):
        raise SettingsError(unknown)
    home = home_of(env)
    alert_webhook(env)  # refused at start, not when the first alert is lost
    return Settings(
        home=home,
        landing=place_of(env, "AMAZING_LANDING", home / "landing"),
        lake=lake_of(env, home / "lake"),
        warehouse=folder_of(env, "AMAZING_WAREHOUSE", home / "warehouse.duckdb"),
        shards=shards_of(env),
        first_month=_first_month(env),
        settle_seconds=seconds_of(env, "AMAZING_SETTLE_SECONDS", DEFAULT_SETTLE_SECONDS),
        sensor_seconds=seconds_of(env, "AMAZING_SENSOR_SECONDS", DEFAULT_SENSOR_SECONDS),
        mlflow_tracking_uri=model_store_of(env) or f"sqlite:///{home / 'mlflow.db'}",
        time_zone=_time_zone(env),
        web_ui=address_of(env, "AMAZING_WEB_UI", "https://dagster.example.com"),
        reports_url=address_of(env, "AMAZING_REPORTS_URL", "https://reports.example.com")
        or DEFAULT_REPORTS_URL,
        columns=_columns(env),
        calendar=calendar_of(env),
        holdout=holdout_of(env),
        contact_budget=contact_budget_of(env),
        lists=place_of(env, "AMAZING_LISTS", home / "reports" / "contact_lists"),
        cluster=cluster_of(env),
        requests=folder_of(env, "AMAZING_REQUESTS", home / "requests"),
        retrains_at_once=retrains_at_once(env),
    )


def pseudonym_key(environment: Mapping[str, str] | None = None) -> str | None:
    """Return the key given by the environment: a secret, so it is never kept in `Settings`.

    Raises:
        SettingsError: It holds nothing but blanks.
    """
    env = os.environ if environment is None else environment  # noqa: TID251  the one place
    key = env.get("AMAZING_PSEUDONYM_KEY") or None
    if key is not None and not key.strip():
        raise SettingsError(
            "AMAZING_PSEUDONYM_KEY is blank; set it to the key, or unset it to take the home's own."
        )
    return key


def alert_webhook(environment: Mapping[str, str] | None = None) -> str | None:
    """Return the address that is told of failed runs; who knows it can write there, so a secret.

    Raises:
        SettingsError: It is no address of a web server; the message does not repeat it.
    """
    env = os.environ if environment is None else environment  # noqa: TID251  the one place
    value = env.get("AMAZING_ALERT_WEBHOOK") or None
    if value is not None and not is_web_address(value):
        raise SettingsError(
            "AMAZING_ALERT_WEBHOOK is not accepted; give an address such as "
            "https://hooks.example.com/services/abc."
        )
    return value


def secrets(environment: Mapping[str, str] | None = None) -> list[str]:
    """Return the values that may stand in no log, the longest first."""
    env = os.environ if environment is None else environment  # noqa: TID251  the one place
    return sorted(filter(None, map(env.get, SECRETS)), key=len, reverse=True)


def aws_variables(environment: Mapping[str, str] | None = None) -> frozenset[tuple[str, str]]:
    """Return what decides who a process is to AWS: with others it needs another client."""
    env = os.environ if environment is None else environment  # noqa: TID251  the one place
    return frozenset((name, value) for name, value in env.items() if name.startswith("AWS_"))


def demo_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the demo's home, the folder `demo` of the home.

    Invented customers share no lake, key or model with real ones: what is set to lie elsewhere is
    not theirs.
    """
    kept = {name: value for name, value in environment.items() if name not in _OUTSIDE}
    return kept | {"AMAZING_HOME": str(home_of(environment) / "demo")}


def enter_demo_home() -> None:
    """Make the demo's home that of this process and its children."""
    inside = demo_environment(os.environ)  # noqa: TID251  the one place
    for name in _OUTSIDE:
        os.environ.pop(name, None)  # noqa: TID251  the one place
    os.environ.update(inside)  # noqa: TID251  the one place


def set_for_children(**variables: str) -> None:
    """Set variables that Dagster or a library reads by itself."""
    os.environ.update(variables)  # noqa: TID251  the one place


def _first_month(env: Mapping[str, str]) -> str:
    value = env.get("AMAZING_FIRST_MONTH") or DEFAULT_FIRST_MONTH
    if not is_month(value):
        raise SettingsError(
            f"AMAZING_FIRST_MONTH={quoted(value)} is not accepted; write it like "
            f"{DEFAULT_FIRST_MONTH}."
        )
    return value


def _columns(env: Mapping[str, str]) -> dict[str, str]:
    value = env.get("AMAZING_COLUMNS") or ""
    pairs = [tuple(map(str.strip, pair.split(":"))) for pair in value.split(",") if pair.strip()]
    news = [pair[-1] for pair in pairs]
    columns = {pair[0]: pair[1] for pair in pairs if len(pair) == 2 and all(pair)}  # noqa: PLR2004
    if len(columns) < len(pairs) or len(set(news)) < len(news):
        raise SettingsError(
            f"AMAZING_COLUMNS={quoted(value)} is not accepted; write old:new,old:new, each name "
            f"once, such as session_id:user_session,action:event_type."
        )
    return columns


def _time_zone(env: Mapping[str, str]) -> str:
    value = env.get("AMAZING_TIME_ZONE") or DEFAULT_TIME_ZONE
    if value != DEFAULT_TIME_ZONE and value not in available_timezones() - _NO_ZONES:
        raise SettingsError(
            f"AMAZING_TIME_ZONE={quoted(value)} is not accepted; give the name of a time zone such "
            f"as Europe/Paris."
        )
    return value
