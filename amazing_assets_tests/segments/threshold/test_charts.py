import polars as pl

from amazing_assets.lake.contract import schema_of
from amazing_assets.pictures import png
from amazing_assets.segments.threshold.charts import reliability
from amazing_assets.segments.threshold.choice import LEAST_KAPPA
from amazing_assets.segments.threshold.contract import EventThreshold
from amazing_assets_tests.specifications import encoded, parts, rows, titles

CHOICE = {"experiment": "choice", "measure": "event_threshold", "value": 40.0}


def evidence(*figures):
    return pl.DataFrame([*figures, CHOICE], schema=schema_of(EventThreshold))


def kappa(at_least, value, lower):
    return {"experiment": "test_retest", "at_least": at_least, "value": value, "lower": lower}


def kept(measure, value):
    return {"experiment": "coverage", "measure": measure, "at_least": 10, "value": value}


def test_agreement_is_drawn_with_its_bound_above_what_a_threshold_keeps():
    found = evidence(
        kappa(10, 0.5, 0.4), kappa(20, 0.7, 0.6), kappa(50, None, None), kept("users_kept", 0.8)
    )
    spec = reliability(found).to_dict()
    bound, line, wanted, coverage = parts(spec)
    assert encoded(bound) == {"x": "at_least", "y": "value", "y2": "lower"}
    assert encoded(line) == {"x": "at_least", "y": "value"}
    assert encoded(wanted) == {"y": "value"}
    assert encoded(coverage) == {"x": "at_least", "y": "share", "color": "of"}
    # What could not be measured is not drawn.
    agreed = [row for row in rows(spec) if "lower" in row]
    assert [row["at_least"] for row in agreed] == [10, 20]
    assert {"value": LEAST_KAPPA} in rows(spec)
    assert {"at_least": 10, "of": "customers", "share": 0.8} in rows(spec)
    assert titles(spec) == (
        "A segment is claimed from 40 events on",
        "rule: 95 % lower bound; dashed: what is wanted",
    )


def test_without_an_experiment_the_picture_says_so():
    chart = reliability(evidence())
    spec = chart.to_dict()
    assert spec["vconcat"] == []
    assert titles(spec)[1] == "no experiment was run"
    assert png(chart)
