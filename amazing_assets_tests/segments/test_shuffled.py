"""The demo world has segments; the same visits with their contents dealt out anew have none."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets.segments.model import SegmentModel
from amazing_assets.segments.visits.dealing import Skeleton
from amazing_assets_tests.customers.snapshots import clean_events
from amazing_assets_tests.segments.watching import watching

MONTHS = ("2019-10", "2019-11", "2019-12")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The clean events of a small demo world."""
    days = tuple(date(2019, month, 1) for month in (10, 11, 12))
    made = generate(tmp_path_factory.mktemp("demo"), WorldSettings(2_000, days, seed=7))
    return pl.concat(clean_events(*sorted(made.files, key=lambda file: file.name)))


def fitted(events, settings):
    features, chance = watching(events, MONTHS, customers=1_000, shuffles=10)
    return SegmentModel.fit(features, settings, chance=chance)


@pytest.mark.slow
def test_a_world_of_personas_has_segments_and_the_same_visits_dealt_anew_have_none(demo, settings):
    small = replace(settings, min_users=20, min_eligible=300)
    accepted = fitted(demo, small)
    assert accepted.alert is None
    refused = fitted(Skeleton.of(demo).dealt(1), small)
    assert refused.alert in {"made_by_chance", "segmentation_not_stable"}
    assert refused.found.candidate == "rfm"
