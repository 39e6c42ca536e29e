"""Markets of one platform, each with a home of its own: which there are, and where theirs lies.

A market is a home, an instance of Dagster and a schema of the warehouse: docs/how-to/market.md.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from amazing_assets.errors import quoted
from amazing_assets.places import home_of
from amazing_assets.variables import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

# The market of a home that knows of no other.
MAIN_MARKET = "main"

# A folder, a schema of a database and a value of a column.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")

# What names a folder, or a bucket's prefix: each market has one of its own below it.
_FOLDERS = (
    "AMAZING_LANDING",
    "AMAZING_LAKE",
    "AMAZING_LISTS",
    "AMAZING_REPORTS_URL",
    "AMAZING_REQUESTS",
)

# Stands for the name of the market in the address of a registry of models.
_MARKET = "{market}"


def markets_of(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the markets that the environment names; none: the home is that of the only one.

    Raises:
        SettingsError: A name is none, or two are the same.
    """
    value = env.get("AMAZING_MARKETS") or ""
    names = tuple(name.strip() for name in value.split(",")) if value else ()
    are_names = all(map(_NAME.fullmatch, names))
    if not are_names or len({name.lower() for name in names}) < len(names):
        raise SettingsError(
            f"AMAZING_MARKETS={quoted(value)} is not accepted; give names of letters, digits and "
            f"_, each once, such as US,DE."
        )
    return names


def market_of(env: Mapping[str, str]) -> str:
    """Return the market of this process.

    Raises:
        SettingsError: There are several and none is chosen, or the one that is chosen is unknown.
    """
    markets, market = markets_of(env), env.get("AMAZING_MARKET") or ""
    if not markets and not market:
        return MAIN_MARKET
    if not market:
        raise SettingsError(
            f"There are the markets {', '.join(markets)}; say which, as `--market {markets[0]}`."
        )
    if market not in markets:
        raise SettingsError(
            f"AMAZING_MARKET={quoted(market)} is no market; choose one of those that "
            f"AMAZING_MARKETS names, such as US,DE."
        )
    return market


def inside_market(env: Mapping[str, str]) -> Mapping[str, str]:
    """Return the environment of the market of this process: all its places are its own.

    Raises:
        SettingsError: As `market_of`, or its models would be those of another market as well.
    """
    market = market_of(env)
    if not markets_of(env):
        return env
    own = dict(env) | {"AMAZING_HOME": str(home_of(env) / market)}
    for name in _FOLDERS:
        if value := env.get(name):
            own[name] = f"{value.rstrip('/')}/{market}"
    warehouse = env.get("AMAZING_WAREHOUSE") or ""
    if warehouse and "://" not in warehouse:
        own["AMAZING_WAREHOUSE"] = str(
            Path(warehouse).with_stem(f"{Path(warehouse).stem}_{market}")
        )
    registry = env.get("MLFLOW_TRACKING_URI") or ""
    if registry and _MARKET not in registry:
        raise SettingsError(
            f"MLFLOW_TRACKING_URI is that of all markets, whose models have the same names; write "
            f"{_MARKET} where the name of the market belongs, as postgresql://host/mlflow_{_MARKET}."
        )
    return own | ({"MLFLOW_TRACKING_URI": registry.replace(_MARKET, market)} if registry else {})
