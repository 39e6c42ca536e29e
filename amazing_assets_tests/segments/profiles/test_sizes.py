import polars as pl
import pytest

from amazing_assets.pictures import png
from amazing_assets.segments.profiles.sizes import segment_sizes, sizes_of_segments
from amazing_assets_tests.specifications import encoded, parts, rows, titles


def assigned(lions=20, bears=40, bots=20, few=40):
    """So many customers in each segment, and without one."""
    kinds = (
        (lions, "lion", "settled", 1.0, None),
        (bears, "bears", "provisional", 0.5, None),
        (bots, "unclassified", None, None, "bot_suspect"),
        (few, "unclassified", None, None, "insufficient_events"),
    )
    return pl.DataFrame(
        [row for count, *row in kinds for _ in range(count)],
        schema={
            "segment_name": pl.String,
            "name_status": pl.String,
            "margin": pl.Float64,
            "reason": pl.String,
        },
        orient="row",
    ).with_columns(name_traits=pl.lit(None, pl.String))


ASSIGNMENTS = assigned()


def test_segments_come_first_and_then_the_reasons_for_none():
    assert segment_sizes(ASSIGNMENTS).rows() == [
        ("Bears (provisional name)", 40, pytest.approx(1 / 3), 0.5, "a segment"),
        ("Lions", 20, pytest.approx(1 / 6), 1.0, "a segment"),
        ("(too few events)", 40, pytest.approx(1 / 3), None, "no segment"),
        ("(looks like a bot)", 20, pytest.approx(1 / 6), None, "no segment"),
    ]


def shown(**sizes):
    return dict(segment_sizes(assigned(**sizes)).select("segment", "customers").iter_rows())


def test_a_small_segment_hides_the_next_that_would_give_it_away():
    assert shown(lions=7, bears=40, bots=20, few=100) == {
        "Bears (provisional name)": None,
        "Lions": None,
        "(too few events)": 100,
        "(looks like a bot)": 20,
    }


def test_a_few_without_a_segment_cannot_be_computed_from_all_customers():
    found = shown(lions=30, bears=0, bots=0, few=3)
    assert found == {"Lions": None, "(too few events)": None}


def test_nothing_of_a_hidden_row_is_shown():
    hidden = segment_sizes(assigned(lions=7)).filter(pl.col("customers").is_null())
    assert hidden.select("customers", "share", "mean_margin").unique().rows() == [(None,) * 3]


def test_the_sizes_are_drawn_in_their_order_with_their_shares():
    sizes = segment_sizes(ASSIGNMENTS)
    spec = sizes_of_segments(sizes, "2019-10").to_dict()
    bars, labels = parts(spec)
    assert encoded(bars) == {"y": "segment", "x": "customers", "color": "kind"}
    assert encoded(labels) == {"y": "segment", "x": "customers", "text": "share"}
    assert bars["encoding"]["y"]["sort"] == sizes["segment"].to_list()
    assert rows(spec) == sizes.to_dicts()
    assert titles(spec)[0] == "Customers by segment, end of 2019-10"


def test_a_month_without_customers_can_be_drawn_as_well():
    chart = sizes_of_segments(segment_sizes(ASSIGNMENTS.clear()), "2019-10")
    assert titles(chart.to_dict())[0] == "Customers by segment, end of 2019-10"
    assert png(chart)
