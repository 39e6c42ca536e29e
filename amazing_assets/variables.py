"""The names of the environment variables: all of ours, and those whose values no log may hold."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from amazing_assets.errors import PlainError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

_OURS = "AMAZING_"


class SettingsError(PlainError):
    """An environment variable holds a value that the platform does not accept."""


# Every name of ours, those included that only tests, or `deploy/dagster.yaml`, read.
NAMES = frozenset(
    {
        "AMAZING_ALERT_WEBHOOK",
        "AMAZING_CALENDAR",
        "AMAZING_COLUMNS",
        "AMAZING_DAGSTER_POSTGRES",
        "AMAZING_FIRST_MONTH",
        "AMAZING_HOME",
        "AMAZING_LAKE",
        "AMAZING_LANDING",
        "AMAZING_LOG_BUCKET",
        "AMAZING_PSEUDONYM_KEY",
        "AMAZING_REAL_DATA",
        "AMAZING_SENSOR_SECONDS",
        "AMAZING_SETTLE_SECONDS",
        "AMAZING_SHARDS",
        "AMAZING_TIME_ZONE",
        "AMAZING_WAREHOUSE",
        "AMAZING_WEB_UI",
    }
)

# What opens a door, ours and those of the libraries that read it themselves.
SECRETS = (
    "AMAZING_PSEUDONYM_KEY",
    "AMAZING_ALERT_WEBHOOK",
    "AMAZING_DAGSTER_POSTGRES",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "MLFLOW_TRACKING_PASSWORD",
    "MLFLOW_TRACKING_TOKEN",
)


def unknown_name(environment: Iterable[str]) -> str | None:
    """Return the sentence that refuses a misspelled name; None: there is none.

    Its value would be ignored without a word.
    """
    names = sorted(name for name in environment if name.startswith(_OURS) and name not in NAMES)
    if not names:
        return None
    known = [name.removeprefix(_OURS) for name in sorted(NAMES)]
    near = get_close_matches(names[0].removeprefix(_OURS), known, 1)
    meant = f"set {_OURS}{near[0]} instead" if near else "unset it; README.md lists those there are"
    return f"{quoted(names[0])} is no setting; {meant}."
