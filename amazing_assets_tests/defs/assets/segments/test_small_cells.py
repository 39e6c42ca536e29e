"""A segment of seven customers is told nowhere: terminal, JSON, pages, tables, report."""

import json

import polars as pl
import pytest

from amazing_assets.commands.outcome import remarks, segments_outcome
from amazing_assets.defs.assets.segments.months import segment_report
from amazing_assets.segments.profiles.sizes import segment_sizes, sizes_of_segments
from amazing_assets.small_cells import SOME_ARE_HIDDEN
from amazing_assets.warehouse.duckdb import DuckDBWarehouse
from amazing_assets_tests.defs.homes import materialize
from amazing_assets_tests.segmented import MONTHS, TOO_FEW
from amazing_assets_tests.specifications import rows

SMALL = "Wolves"
NOVEMBER = MONTHS[1]


@pytest.fixture(scope="module")
def assignments(home_with_segments):
    found = home_with_segments.figures("segment_assignments", NOVEMBER)
    assert found.filter(segment=4).height == TOO_FEW
    return found


@pytest.fixture(scope="module")
def outcome(home_with_segments, assignments):
    return segments_outcome(DuckDBWarehouse(home_with_segments.warehouse), [NOVEMBER])


def test_a_small_segment_has_no_figure_in_terminal_and_json(outcome, assignments):
    told = json.loads(json.dumps(outcome))
    (small,) = [row for row in told if str(row["segment"]).startswith(SMALL)]
    assert (small["customers"], small["share"], small["mean_margin"]) == (None, None, None)
    assert remarks(outcome) == [SOME_ARE_HIDDEN]
    hidden = assignments.height - sum(row["customers"] or 0 for row in told)
    # What is missing to all customers is not seven: another segment is hidden with it.
    assert hidden > TOO_FEW + 20


def test_the_picture_of_the_sizes_draws_none_of_a_small_segment(assignments):
    drawn = rows(sizes_of_segments(segment_sizes(assignments), NOVEMBER).to_dict())
    (small,) = [row for row in drawn if str(row["segment"]).startswith(SMALL)]
    assert (small["customers"], small["share"]) == (None, None)


def test_the_tables_hold_no_figure_of_a_small_segment(home_with_segments):
    profiles = home_with_segments.figures("segment_profiles", NOVEMBER).filter(segment=4)
    assert profiles.height > 0
    assert profiles["value"].count() == profiles["users"].count() == 0
    moves = home_with_segments.figures("segment_migrations", NOVEMBER)
    touched = moves.filter((pl.col("from_segment") == 4) | (pl.col("to_segment") == 4))
    assert touched.height > 0
    figures = touched.select("users", "share_of_from", "share_of_to")
    assert sum(figures.count().row(0)) == 0


def test_no_size_can_be_computed_from_the_customers_behind_other_figures(home_with_segments):
    profiles = home_with_segments.figures("segment_profiles", NOVEMBER)
    sizes = profiles.filter(topic="size", measure="users").drop_nulls("segment")
    secret = sizes.filter(pl.col("value").is_null())["segment"].to_list()
    assert len(secret) == 2
    assert profiles.filter(pl.col("segment").is_in(secret))["users"].count() == 0


def test_the_report_has_no_figure_of_a_small_segment(home_with_segments, tmp_path):
    given = dict(home_with_segments.resources)
    run = materialize([segment_report], NOVEMBER, given)
    assert run.success
    folder = home_with_segments.warehouse.parent / "reports" / NOVEMBER
    page = (folder / f"segments-{NOVEMBER}-en.html").read_text()
    assert 'id="segment-3"' in page
    assert 'id="segment-4"' not in page
    assert "Without a chapter, as of fewer than 20 customers nothing is shown" in page
