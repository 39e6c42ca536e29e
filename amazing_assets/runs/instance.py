"""Dagster's own home, and its instance: that of the home, or the one a deployment configured."""

import sys
from pathlib import Path

import dagster as dg

from amazing_assets.errors import PlainError
from amazing_assets.runs.configuration import bring_up_to_date, is_copy
from amazing_assets.settings import Settings, dagster_home_given, set_for_children

CONFIGURATION = "dagster.yaml"

SHIPPED = Path(__file__).parents[2] / CONFIGURATION


class RunFailedError(PlainError):
    """A run failed; the message is the sentence to tell."""


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """Return the instance that the daemon and its runs have as well; made at first use."""
    prepare_home(settings)
    return dg.DagsterInstance.get()


def prepare_home(settings: Settings) -> None:
    """Make Dagster's own home at first use, and tell Dagster and its children where it is.

    Where `DAGSTER_HOME` has a configuration of somebody's own, as in `deploy/`, that one is meant:
    in the home's own a command would see no run of the daemon, and take nobody out of its history.
    """
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    if _is_configured_elsewhere(home):
        return
    said = bring_up_to_date(home / CONFIGURATION, SHIPPED)
    if said:
        sys.stderr.write(f"amazing: {said}\n")
    set_for_children(DAGSTER_HOME=str(home))


def _is_configured_elsewhere(home: Path) -> bool:
    given = dagster_home_given()
    if given is None or given.resolve() == home.resolve():
        return False
    # That of another home was set by a command of ours in this process, or in one above it.
    file = given / CONFIGURATION
    return file.is_file() and not is_copy(file)
