"""Every environment variable of the platform, named once and validated once.

Nothing else reads the environment; a wrong value is answered with the accepted ones.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from amazing_assets.markets import inside_market, market_of, markets_of
from amazing_assets.places import (
    Server,
    address_of,
    cluster_of,
    file_of,
    home_of,
    is_web_address,
    lake_of,
    model_store_of,
    place_of,
    warehouse_of,
    warehouse_password_of,
)
from amazing_assets.quantities import (
    columns_of,
    contact_budget_of,
    first_month_of,
    holdout_of,
    retention_of,
    retrains_at_once,
    seconds_of,
    shards_of,
    time_zone_of,
)
from amazing_assets.variables import OUTSIDE, SECRETS, SettingsError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amazing_assets.locations import Location

# A month has arrived once its files have stayed the same for this long; growth or another part
# starts the clock again. Long enough for the pause between two parts and for an upload that is
# tried again, short against one file a month. Too short costs a run that fails on a cut file and
# is repeated when the file has grown; too long costs minutes.
DEFAULT_SETTLE_SECONDS = 180

# Months come once a month: half a minute is soon, and a look costs next to nothing.
DEFAULT_SENSOR_SECONDS = 30

# Where `amazing dev` serves the reports: at the port after that of the web UI.
DEFAULT_REPORTS_URL = "http://127.0.0.1:3001"


@dataclass(frozen=True)
class Settings:
    """Where everything is and how it runs.

    Attributes:
        market: Whose everything is; `main`: there are no others.
        home: Folder of everything the platform keeps.
        landing: Folder in which event files land, or `s3://bucket/prefix`.
        lake: Folder, or place in a bucket, of the customer-sharded tables.
        warehouse: DuckDB file, or server, of the tables that people query.
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
        requests: Folder, or `s3://bucket/prefix`, of files of customers who ask to be forgotten.
        retrains_at_once: Whether models that had seen an erased customer are trained at once.
        retention: How many months what is kept lives; what is not named is never removed.
    """

    market: str
    home: Path
    landing: str
    lake: Location
    warehouse: Path | Server
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
    requests: str
    retrains_at_once: bool
    retention: Mapping[str, int]

    @property
    def has_model_store(self) -> bool:
        """Whether the store of models was made; one that is no file is taken to be there."""
        file = self.mlflow_tracking_uri.removeprefix("sqlite:///")
        return file == self.mlflow_tracking_uri or Path(file).exists()

    @property
    def disks(self) -> tuple[Path, ...]:
        """Folders of this machine that are written to, which may lie on several disks."""
        lake = (self.lake,) if isinstance(self.lake, Path) else ()
        file = self.warehouse
        return (self.home, *lake, *((file.parent,) if isinstance(file, Path) else ()))

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
    market, env = market_of(env), inside_market(env)
    home = home_of(env)
    alert_webhook(env)  # refused at start, not when the first alert is lost
    return Settings(
        market=market,
        home=home,
        landing=place_of(env, "AMAZING_LANDING", home / "landing"),
        lake=lake_of(env, home / "lake"),
        warehouse=warehouse_of(env, home / "warehouse.duckdb"),
        shards=shards_of(env),
        first_month=first_month_of(env),
        settle_seconds=seconds_of(env, "AMAZING_SETTLE_SECONDS", DEFAULT_SETTLE_SECONDS),
        sensor_seconds=seconds_of(env, "AMAZING_SENSOR_SECONDS", DEFAULT_SENSOR_SECONDS),
        mlflow_tracking_uri=model_store_of(env) or f"sqlite:///{home / 'mlflow.db'}",
        time_zone=time_zone_of(env),
        web_ui=address_of(env, "AMAZING_WEB_UI", "https://dagster.example.com"),
        reports_url=address_of(env, "AMAZING_REPORTS_URL", "https://reports.example.com")
        or DEFAULT_REPORTS_URL,
        columns=columns_of(env),
        calendar=file_of(env, "AMAZING_CALENDAR"),
        holdout=holdout_of(env),
        contact_budget=contact_budget_of(env),
        lists=place_of(env, "AMAZING_LISTS", home / "reports" / "contact_lists"),
        cluster=cluster_of(env),
        requests=place_of(env, "AMAZING_REQUESTS", home / "requests"),
        retrains_at_once=retrains_at_once(env),
        retention=retention_of(env),
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


def warehouse_password(environment: Mapping[str, str] | None = None) -> str | None:
    """Return the password of a warehouse on a server; None: the address has none."""
    env = os.environ if environment is None else environment  # noqa: TID251  the one place
    return warehouse_password_of(env)


def secrets(environment: Mapping[str, str] | None = None) -> list[str]:
    """Return the values that may stand in no log, the longest first."""
    env = os.environ if environment is None else environment  # noqa: TID251  the one place
    found = (*map(env.get, SECRETS), warehouse_password_of(env))
    return sorted(filter(None, found), key=len, reverse=True)


def aws_variables(environment: Mapping[str, str] | None = None) -> frozenset[tuple[str, str]]:
    """Return what decides who a process is to AWS: with others it needs another client."""
    env = os.environ if environment is None else environment  # noqa: TID251  the one place
    return frozenset((name, value) for name, value in env.items() if name.startswith("AWS_"))


def demo_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the demo's home, the folder `demo` of the home.

    Invented customers share no lake, key or model with real ones: what is set to lie elsewhere is
    not theirs.
    """
    kept = {name: value for name, value in environment.items() if name not in OUTSIDE}
    return kept | {"AMAZING_HOME": str(home_of(environment) / "demo")}


def enter_demo_home() -> None:
    """Make the demo's home that of this process and its children."""
    inside = demo_environment(os.environ)  # noqa: TID251  the one place
    for name in OUTSIDE:
        os.environ.pop(name, None)  # noqa: TID251  the one place
    os.environ.update(inside)  # noqa: TID251  the one place


def all_markets(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the names of the markets of this platform; none: the home is that of the only one."""
    env = os.environ if environment is None else environment  # noqa: TID251  the one place
    return markets_of(env)


def is_market_chosen(environment: Mapping[str, str] | None = None) -> bool:
    """Whether a process is about one market: of several it was said which."""
    env = os.environ if environment is None else environment  # noqa: TID251  the one place
    return bool(env.get("AMAZING_MARKET")) or not markets_of(env)


def settings_of(market: str) -> Settings:
    """Return the settings of another market than that of this process."""
    return load_settings({**os.environ, "AMAZING_MARKET": market})  # noqa: TID251  the one place


def dagster_home_given() -> Path | None:
    """Return the folder in which Dagster looks for its configuration; None: it is not told."""
    given = os.environ.get("DAGSTER_HOME")  # noqa: TID251  the one place
    return Path(given) if given else None


def set_for_children(**variables: str) -> None:
    """Set variables that Dagster or a library reads by itself."""
    os.environ.update(variables)  # noqa: TID251  the one place
