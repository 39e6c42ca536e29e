"""Automation before anything was made, and after a first model."""

import dagster as dg
import pytest

from amazing_assets_tests.defs.triggers.ticks import NIGHT, OCT, Automation


@pytest.fixture
def automation_on(tmp_path):
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        on = Automation(instance)
        on.quiet()
        yield on


@pytest.fixture
def trained(automation_on):
    """October has its features, and there is a model of the night after it."""
    automation_on.month_made(OCT)
    automation_on.tick()
    automation_on.made("user_features", month=OCT)
    automation_on.quiet()
    assert automation_on.tick(NIGHT) == {"segment_model": {None}}
    automation_on.made("segment_model")
    assert automation_on.tick() == {"segment_assignments": {OCT}}
    automation_on.made("segment_assignments", month=OCT)
    automation_on.quiet()
    return automation_on
