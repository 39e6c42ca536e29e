"""Profiles of a month that a test writes down: each segment's revenue, habits and tastes."""

from datetime import date

import polars as pl

from amazing_assets.delivery.report.tables import ReportTables
from amazing_assets.lake.contract import schema_of
from amazing_assets.segments.contract import POPULATION
from amazing_assets.segments.naming.codes import Name
from amazing_assets.segments.profiles.contract import SegmentProfiles

USUAL = {
    "recency_days": 5.0,
    "tenure_days": 90.0,
    "monetary_7m": 100.0,
    "frequency": 2.0,
    "price_position_7m": 0.5,
}
TASTES = {"category": "electronics", "brand": "acme", "hour": "09", "weekday": "friday"}


def told(number, name, revenue, habits, lift=2.0):
    """What the profiles say of a segment: its part of revenue, medians with z, and its tastes."""
    figures = [("size", "all", "revenue_share", revenue)]
    for feature, (median, z) in habits.items():
        figures += [("feature", feature, "median", median), ("feature", feature, "z", z)]
    for topic, item in TASTES.items():
        figures += [(topic, item, "event_share", 0.4), (topic, item, "lift", lift)]
    code = {"segment": number, **Name(name).columns}
    return [code | dict(zip(COLUMNS, figure, strict=True)) for figure in figures]


COLUMNS = ("topic", "item", "measure", "value")


def month(*segments):
    """The tables of a month with these segments and the usual customer."""
    usual = told(None, POPULATION, 1.0, {name: (value, 0.0) for name, value in USUAL.items()})
    rest = {"month": date(2020, 4, 1), "users": 100, "is_suppressed": False, "model_version": "1"}
    rows = [row | rest for rows in (*segments, usual) for row in rows]
    profiles = SegmentProfiles.validate(pl.DataFrame(rows, schema=schema_of(SegmentProfiles)))
    return ReportTables("2020-04", profiles)
