"""Small shops through the whole of Dagster: everything is made, or left out in one sentence."""

import polars as pl
import pytest

from amazing_assets.commands.outcome import GRID, ONE_GROUP
from amazing_assets.delivery.report.tables import TooFewCustomersError, read_tables
from amazing_assets.runs.execute import has_champion, has_lasting_champion
from amazing_assets.settings import load_settings
from amazing_assets.small_cells import SMALLEST_CELL, SOME_ARE_HIDDEN
from amazing_assets_tests.defs.homes import materialize
from amazing_assets_tests.made import ABOUT_THE_MODEL, ABOUT_THE_MONTH, MODEL, made
from amazing_assets_tests.shops import Shop

OCT, NOV = "2019-10", "2019-11"

NOBODY = (
    f"Nobody has a segment at the end of {OCT}; the reasons stand in brackets, and customers get "
    "theirs once enough of their events have landed."
)


@pytest.fixture(scope="module")
def visitors(tmp_path_factory):
    """Thirty customers who came once and looked at three things."""
    return made(tmp_path_factory.mktemp("visitors"), Shop(30, visits=1, events=3), OCT)


@pytest.fixture(scope="module")
def five(tmp_path_factory):
    return made(tmp_path_factory.mktemp("five"), Shop(5), OCT)


@pytest.fixture(scope="module")
def sixty(tmp_path_factory):
    return made(tmp_path_factory.mktemp("sixty"), Shop(60), OCT, NOV)


def test_a_shop_in_which_nobody_is_eligible_is_made_and_says_why_in_one_sentence(visitors):
    rows, said = visitors.told(OCT)
    assert [(row["segment"], row["customers"]) for row in rows] == [("(too few events)", 30)]
    assert said == [NOBODY]
    threshold = visitors.warehouse.read_table("event_threshold")
    (choice,) = threshold.filter(measure="event_threshold").to_dicts()
    assert (choice["value"], choice["passes"], choice["reason"]) == (20, False, "too_few_users")
    assert visitors.model_row["customers"] == 0


def test_a_report_without_a_segment_says_so_first_and_has_no_chapter_on_them(visitors):
    page = visitors.home.warehouse.parent / "reports" / OCT / f"segments-{OCT}-en.html"
    text = page.read_text()
    assert "Nobody has a segment at the end of this month" in text
    assert "The choice of the model" not in text
    assert "Not measured yet: the warehouse has no table segment" not in text


def test_of_five_customers_there_is_one_group_and_no_report(five):
    rows, said = five.told(OCT)
    assert [(row["segment"], row["customers"]) for row in rows] == [("undifferentiated", None)]
    assert said == [SOME_ARE_HIDDEN, ONE_GROUP]
    assert five.model_row["customers"] is None
    sentence = (
        f"{OCT} has no report: fewer than 20 customers, or customers in groups so small, would be "
        "recognised in it; it is made once more of them have landed."
    )
    assert five.metadata("segment_report") == {"empty": sentence}
    with pytest.raises(TooFewCustomersError) as refused:
        read_tables(five.warehouse, OCT)
    assert str(refused.value) == sentence


def test_of_sixty_customers_a_grid_stands_in_for_segments(sixty):
    rows, said = sixty.told(NOV)
    assert said == [SOME_ARE_HIDDEN, GRID]
    shown = [row for row in rows if row["customers"] is not None]
    assert min(row["customers"] for row in shown) >= SMALLEST_CELL
    assert sixty.metadata("segment_model")["alert"] == "too_few_users"


def test_customers_who_did_not_move_draw_no_ribbons_from_hidden_moves(sixty):
    moves = sixty.home.figures("segment_migrations", NOV)
    assert moves.filter(pl.col("users") < SMALLEST_CELL).is_empty()
    assert (sixty.home.warehouse.parent / "reports" / NOV / f"segments-{NOV}-en.html").exists()


def test_a_model_made_for_want_of_customers_is_trained_again_by_the_next_plain_run(five, sixty):
    for shop in (five, sixty):
        settings = load_settings({"AMAZING_HOME": str(shop.home.warehouse.parent)})
        assert has_champion(settings)
        assert not has_lasting_champion(settings)


@pytest.mark.evaluate
def test_once_more_customers_have_landed_everything_follows(tmp_path):
    run = made(tmp_path, Shop(5), OCT)
    Shop(60).deliver(run.home.landing, NOV)
    given = run.home.resources
    assert run.home.materialize(NOV).success
    assert materialize([*MODEL, *ABOUT_THE_MODEL], None, given).success
    assert run.home.materialize(NOV, ABOUT_THE_MONTH).success
    assert run.told(OCT)[1] == [SOME_ARE_HIDDEN, ONE_GROUP]
    assert run.told(NOV)[1] == [SOME_ARE_HIDDEN, GRID]


KINDS = {
    "one": Shop(1),
    "two": Shop(2),
    "eight": Shop(8),
    "nobody buys": Shop(40, buys=False),
    "all alike": Shop(40, alike=True),
    "one product": Shop(40, products=1),
    "one day": Shop(40, days=1),
    "bots": Shop(3, visits=2, events=520),
    "many": Shop(300),
    "many alike": Shop(300, alike=True),
    "nobody moves": Shop(90, alike=True),
}


@pytest.mark.evaluate
@pytest.mark.parametrize("of_months", [(OCT,), (OCT, NOV)], ids=["one month", "two months"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_small_shop_is_made(tmp_path, kind, of_months):
    run = made(tmp_path, KINDS[kind], *of_months)
    rows, _ = run.told(of_months[-1])
    assert rows
    assert min((row["customers"] or SMALLEST_CELL) for row in rows) >= SMALLEST_CELL
