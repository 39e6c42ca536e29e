from dataclasses import replace

import polars as pl
import pytest

from amazing_assets.delivery.report.blocks import Chart, Notice, Paragraph
from amazing_assets.delivery.report.chapters.next_actions import models_compared, next_actions
from amazing_assets.delivery.report.tables import ReportTables
from amazing_assets.language.language import ENGLISH, FRENCH, LANGUAGES
from amazing_assets_tests.delivery.report.evidence import next_actions as evaluation

TABLES = ReportTables("2019-11", pl.DataFrame(), next_actions=evaluation())


def said(tables, language=ENGLISH):
    blocks = (*next_actions(tables, language).blocks, *models_compared(tables, language).blocks)
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def test_who_answers_how_well_and_on_how_many_is_said():
    _, answers, _ = said(TABLES)
    assert answers.startswith("“Network, learnt actions and history” answers: it beats every")
    assert f"in {ENGLISH.share(0.48)} of cases" in answers
    assert "12,345 actions of 678 customers" in answers


def test_where_counting_answers_it_is_said_why():
    _, answers, _ = said(replace(TABLES, next_actions=evaluation("markov_1")))
    assert answers.startswith("“After the last action” answers, for no network does better")


def test_whether_the_embedding_helped_is_said_with_every_training():
    assert said(TABLES)[2] == (
        "Letting a network learn what actions have in common brings its log loss from 1.570 to "
        "1.560; it was lower in 1 of 2 trainings."
    )
    assert said(TABLES, FRENCH)[2].endswith("dans 1 des 2 entraînements.")


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_model_stands_in_the_picture_and_in_its_table(language):
    (chart,) = (
        block for block in models_compared(TABLES, language).blocks if isinstance(block, Chart)
    )
    assert len(chart.table.rows) == 5
    (named, *figures) = chart.table.rows[-1]
    assert named == language.say("next_actions.lstm_context")
    losses = [language.number(value, 3) for value in (1.54, 0.01)]
    assert figures == [losses[0], *map(language.share, (0.48, 0.82)), losses[1]]


def test_what_is_not_measured_is_said_plainly():
    blocks = next_actions(replace(TABLES, next_actions=None), ENGLISH).blocks
    assert isinstance(blocks[-1], Notice)
    few = evaluation().with_columns(pl.lit(None, pl.Float64).alias("value"))
    assert said(replace(TABLES, next_actions=few))[-1].startswith("There are too few customers")
