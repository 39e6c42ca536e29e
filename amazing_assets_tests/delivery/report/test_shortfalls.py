"""The first page says what does not hold: a stand-in, a short history, a gate nobody measured."""

from dataclasses import replace

import polars as pl
import pytest

from amazing_assets.delivery.report.chapters.choice import choice
from amazing_assets.delivery.report.chapters.shortfalls import shortfalls
from amazing_assets.delivery.report.chapters.threshold import threshold
from amazing_assets.delivery.report.segments import segments_of
from amazing_assets.language.language import ENGLISH
from amazing_assets.segments.clustering.rfm import RULES
from amazing_assets_tests.delivery.report import evidence
from amazing_assets_tests.delivery.report.profiled import month, told

GRID, FOUND = (RULES[0].code, 1), ("lion", 1)


def of(name, candidates):
    """The tables of a month with one segment of that name, and these candidates."""
    (code, number) = name
    return replace(month(told(number, code, 0.5, {})), candidates=candidates)


def notices(tables):
    return [each.text for each in shortfalls(tables, ENGLISH, segments_of(tables, ENGLISH))]


def failing(gates):
    """Candidates of which none passed: each missed these gates."""
    table = evidence.candidates()
    return table.with_columns(
        passed=pl.lit(False), chosen=pl.lit(False), failed_gates=pl.lit(gates)
    )


def words(section):
    return " ".join(block.text for block in section.blocks if hasattr(block, "text"))


def test_a_grid_in_place_of_what_chance_makes_says_so():
    assert ENGLISH.say("summary.by_chance") in notices(of(GRID, failing("G7")))
    assert ENGLISH.say("summary.by_chance") not in notices(of(GRID, failing("G2")))
    assert ENGLISH.say("summary.by_chance") not in notices(of(FOUND, evidence.candidates()))


@pytest.mark.parametrize(("months", "is_said"), [(1, True), (6, True), (7, False)])
def test_a_short_history_is_said(months, is_said):
    tables = of(FOUND, evidence.candidates())
    season = [
        {**row, "topic": "season", "item": f"2020-{number:02}"}
        for number in range(1, months + 1)
        for row in tables.profiles.filter(segment_name="population", topic="weekday").to_dicts()
    ]
    grown = pl.concat([tables.profiles, pl.DataFrame(season, schema=tables.profiles.schema)])
    said = ENGLISH.say("summary.short", count=months, wanted=ENGLISH.number(7))
    assert (said in notices(replace(tables, profiles=grown))) is is_said


def test_gates_that_nobody_measured_are_named():
    table = evidence.candidates()
    open_ = pl.when("chosen").then(pl.lit("G4, G7")).otherwise("unmeasured_gates")
    tables = of(FOUND, table.with_columns(unmeasured_gates=open_))
    assert ENGLISH.say("summary.unmeasured", gates="time") in notices(tables)


def test_the_fates_of_all_candidates_add_up():
    table = evidence.candidates().with_columns(failed_gates=pl.lit("G1, G2"), passed=pl.lit(False))
    first = pl.int_range(pl.len()) < 5
    table = table.with_columns(failed_gates=pl.when(~first).then("failed_gates"))
    text = words(choice(of(FOUND, table), ENGLISH))
    assert f"{table.height} candidates: 5 passed the first ones" in text
    assert f"{table.height - 5} missed a gate, or several: size" in text


def test_where_nothing_was_chosen_no_figure_of_a_choice_is_told():
    text = words(choice(of(GRID, failing("G2")), ENGLISH))
    assert "None was chosen" in text
    assert "\N{EN DASH}" not in text


def test_the_threshold_and_its_figure_count_the_same_actions():
    tables = replace(of(FOUND, evidence.candidates()), threshold=evidence.threshold())
    chart = next(block for block in threshold(tables, ENGLISH).blocks if block.kind == "chart")
    marks = [
        layer["encoding"]["x"]["field"]
        for layer in chart.spec["layer"]
        if layer["mark"]["type"] == "rule" and "x" in layer["encoding"]
    ]
    assert marks == ["events"]
    (table,) = (
        rows
        for rows in chart.spec["datasets"].values()
        if {"events", "value"} == set(rows[0]) and len(rows) == 1
    )
    assert table[0]["events"] == evidence.CHOICE.events
    # The bin of 10 events in a half, in all 20, is the first that is good enough.
    told_events = [int(row[0]) for row in chart.table.rows]
    assert told_events == [2 * n for n in (1, 3, 5, 8, 12, 20, 50)]
