"""What a week is made of; months are tried with the sensor `stale_features`."""

import dagster as dg
import pytest

from amazing_assets.cadence import WEEKLY
from amazing_assets.defs.triggers.provenance import INPUTS, inputs_of, stale_partitions

OCT, NOV = "2019-10", "2019-11"
OF_OCTOBER = {"2019-10-01", "2019-10-08", "2019-10-15", "2019-10-22"}
OF_NOVEMBER = {"2019-10-29", "2019-11-05", "2019-11-12", "2019-11-19"}


class Log:
    """The event log of an instance, with the monthly table `sessions` and the weekly `view`."""

    def __init__(self, instance):
        self.instance = instance

    def made(self, asset, key, **metadata):
        event = dg.AssetMaterialization(asset, partition=key, metadata=metadata)
        self.instance.report_runless_asset_event(event)

    def inputs(self, week):
        return inputs_of(self.instance, week, ["sessions"])

    def weeks_made(self, *weeks):
        for week in weeks:
            self.made("view", week, **{INPUTS: self.inputs(week)})

    def stale(self):
        return set(stale_partitions(self.instance, "view", ["sessions"], WEEKLY))


@pytest.fixture
def log(tmp_path):
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        yield Log(instance)


def test_a_week_is_made_of_every_month_of_its_history(log):
    for month in ("2019-08", "2019-09", OCT, NOV, "2020-03", "2020-04"):
        log.made("sessions", month)
    assert set(log.inputs("2019-10-22")) == {
        f"sessions/{month}" for month in ("2019-08", "2019-09", OCT)
    }
    # It ends in November.
    assert f"sessions/{NOV}" in log.inputs("2019-10-29")
    # Seven months that end with April begin with October.
    assert set(log.inputs("2020-04-21")) == {
        f"sessions/{month}" for month in (OCT, NOV, "2020-03", "2020-04")
    }


def test_weeks_are_inputs_up_to_the_same_week(log):
    for week in ("2019-10-01", "2019-10-08", "2019-10-15"):
        log.made("visits", week)
    found = inputs_of(log.instance, "2019-10-08", ["visits"])
    assert set(found) == {"visits/2019-10-01", "visits/2019-10-08"}


def test_a_week_is_stale_until_it_is_made_of_the_months_of_today(log):
    log.made("sessions", OCT)
    assert log.stale() == OF_OCTOBER
    log.weeks_made(*OF_OCTOBER)
    assert log.stale() == set()
    log.made("sessions", NOV)
    assert log.stale() == OF_NOVEMBER
    log.weeks_made(*OF_NOVEMBER)
    log.made("sessions", OCT)
    assert log.stale() == OF_OCTOBER | OF_NOVEMBER
