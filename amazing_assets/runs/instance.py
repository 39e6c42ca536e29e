"""Dagster's own home, and its instance."""

import sys
from pathlib import Path

import dagster as dg

from amazing_assets.errors import PlainError
from amazing_assets.runs.configuration import bring_up_to_date
from amazing_assets.settings import Settings, set_for_children

SHIPPED = Path(__file__).parents[2] / "dagster.yaml"


class RunFailedError(PlainError):
    """A run failed; the message is the sentence to tell."""


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """Return Dagster's instance of this home, made at first use."""
    prepare_home(settings)
    return dg.DagsterInstance.get()


def prepare_home(settings: Settings) -> None:
    """Make Dagster's own home at first use, and tell Dagster and its children where it is."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    said = bring_up_to_date(home / "dagster.yaml", SHIPPED)
    if said:
        sys.stderr.write(f"amazing: {said}\n")
    set_for_children(DAGSTER_HOME=str(home))
