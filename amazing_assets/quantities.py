"""What the settings count: months, shards, seconds, shares and customers; what they choose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from amazing_assets.dates import is_month
from amazing_assets.errors import quoted
from amazing_assets.variables import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

# The zone of hours of the day and of days of activity; events are stored in UTC whatever it is.
DEFAULT_TIME_ZONE = "UTC"

# Of the system's list, but a file of this machine, and none at all.
_NO_ZONES = frozenset({"localtime", "Factory"})

# The first month of the multi-category store.
DEFAULT_FIRST_MONTH = "2019-10"

# Of the customers: enough to tell what campaigns bring, few enough to spare.
DEFAULT_HOLDOUT = "0.05"

# What a shop of a person or two can write to in a week.
DEFAULT_CONTACT_BUDGET = "1000"

# Beyond a billion seconds nobody waits.
_NUMBER = re.compile(r"[0-9]{1,9}")

# What has a life of its own; docs/settings.md says what each of them holds.
RETAINED = (
    "raw_events",
    "clean_events",
    "features",
    "scores",
    "models",
    "reports",
    "logs",
    "runs",
)

_LIFE = re.compile(r"[1-9][0-9]{0,2}")

_SHARE = re.compile(r"0(?:\.[0-9]{1,6})?")


def first_month_of(env: Mapping[str, str]) -> str:
    """Return the first monthly partition.

    Raises:
        SettingsError: It is no month.
    """
    value = env.get("AMAZING_FIRST_MONTH") or DEFAULT_FIRST_MONTH
    if not is_month(value):
        raise SettingsError(
            f"AMAZING_FIRST_MONTH={quoted(value)} is not accepted; write it like "
            f"{DEFAULT_FIRST_MONTH}."
        )
    return value


def shards_of(env: Mapping[str, str]) -> int | None:
    """Return the number of shards that is asked for; None: none is.

    Raises:
        SettingsError: It is not accepted.
    """
    value = env.get("AMAZING_SHARDS")
    if not value:
        return None
    if not _NUMBER.fullmatch(value) or not 1 <= int(value) <= 256:  # noqa: PLR2004  said in the message
        raise SettingsError(
            f"AMAZING_SHARDS={quoted(value)} is not accepted; use a number from 1 to 256."
        )
    return int(value)


def seconds_of(env: Mapping[str, str], name: str, default: int) -> int:
    """Return a whole number of seconds.

    Raises:
        SettingsError: It is not accepted.
    """
    value = env.get(name) or str(default)
    if not _NUMBER.fullmatch(value):
        raise SettingsError(
            f"{name}={quoted(value)} is not accepted; use a whole number of seconds."
        )
    return int(value)


def contact_budget_of(env: Mapping[str, str]) -> int:
    """Return how many customers of a week can be contacted.

    Raises:
        SettingsError: It is not accepted.
    """
    value = env.get("AMAZING_CONTACT_BUDGET") or DEFAULT_CONTACT_BUDGET
    if not _NUMBER.fullmatch(value) or int(value) < 1:
        raise SettingsError(
            f"AMAZING_CONTACT_BUDGET={quoted(value)} is not accepted; give the customers of a week "
            f"who can be contacted, as a whole number from 1 on."
        )
    return int(value)


def holdout_of(env: Mapping[str, str]) -> float:
    """Return the share of the customers whom no campaign reaches.

    Raises:
        SettingsError: It is not accepted.
    """
    value = env.get("AMAZING_HOLDOUT") or DEFAULT_HOLDOUT
    if not _SHARE.fullmatch(value) or float(value) > 0.5:  # noqa: PLR2004  said in the message
        raise SettingsError(
            f"AMAZING_HOLDOUT={quoted(value)} is not accepted; give the share of the customers as "
            f"a number from 0 to 0.5."
        )
    return float(value)


def retrains_at_once(env: Mapping[str, str]) -> bool:
    """Return whether models that had seen an erased customer are trained again at once.

    Raises:
        SettingsError: It is not accepted.
    """
    value = env.get("AMAZING_RETRAIN") or "schedule"
    if value not in {"schedule", "at_once"}:
        raise SettingsError(
            f"AMAZING_RETRAIN={quoted(value)} is not accepted; use schedule or at_once."
        )
    return value == "at_once"


def retention_of(env: Mapping[str, str]) -> dict[str, int]:
    """Return how many months what is kept lives; what is not named is never removed.

    Raises:
        SettingsError: A name or a number is not accepted, or something is named twice.
    """
    value = env.get("AMAZING_RETENTION") or ""
    pairs = [pair.partition("=") for pair in map(str.strip, value.split(",")) if pair]
    lives = {name.strip(): life.strip() for name, _, life in pairs}
    are_known = all(name in RETAINED and _LIFE.fullmatch(life) for name, life in lives.items())
    if not are_known or len(lives) < len(pairs):
        raise SettingsError(
            f"AMAZING_RETENTION={quoted(value)} is not accepted; write months such as "
            f"raw_events=24,runs=12, each once, of {', '.join(RETAINED)}."
        )
    return {name: int(life) for name, life in lives.items()}


def columns_of(env: Mapping[str, str]) -> dict[str, str]:
    """Return other names of a shop's columns, and ours for them.

    Raises:
        SettingsError: They are no pairs of names.
    """
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


def time_zone_of(env: Mapping[str, str]) -> str:
    """Return the zone of hours of the day and of days of activity.

    Raises:
        SettingsError: It is none.
    """
    value = env.get("AMAZING_TIME_ZONE") or DEFAULT_TIME_ZONE
    if value != DEFAULT_TIME_ZONE and value not in available_timezones() - _NO_ZONES:
        raise SettingsError(
            f"AMAZING_TIME_ZONE={quoted(value)} is not accepted; give the name of a time zone such "
            f"as Europe/Paris."
        )
    return value
