"""Dagster's instances of homes that other processes run."""

from pathlib import Path

import dagster as dg
import pytest


def instance_of(home: Path) -> dg.DagsterInstance:
    """Return the instance whose configuration lies in a folder, which it knows by its variable."""
    with pytest.MonkeyPatch.context() as variables:
        variables.setenv("DAGSTER_HOME", str(home))
        return dg.DagsterInstance.from_config(str(home))
