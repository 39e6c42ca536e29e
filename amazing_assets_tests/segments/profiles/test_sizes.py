import polars as pl
import pytest

from amazing_assets.pictures import png
from amazing_assets.segments.naming.given import Given
from amazing_assets.segments.profiles.figures import Customers
from amazing_assets.segments.profiles.profiles import of_known_size
from amazing_assets.segments.profiles.sizes import segment_sizes, size_figures, sizes_of_segments
from amazing_assets.small_cells import HIDDEN
from amazing_assets_tests.specifications import encoded, parts, rows, titles


def assigned(lions=20, bears=40, bots=20, few=40):
    """So many customers in each segment, and without one."""
    kinds = (
        (lions, 1, "lion", "settled", 1.0, None),
        (bears, 2, "bears", "provisional", 0.5, None),
        (bots, None, "unclassified", None, None, "bot_suspect"),
        (few, None, "unclassified", None, None, "insufficient_events"),
    )
    return pl.DataFrame(
        [row for count, *row in kinds for _ in range(count)],
        schema={
            "segment": pl.Int16,
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


def test_a_segment_is_called_as_a_person_calls_it():
    given = {2: Given("Curieux", "Browsers", "Ada Lovelace", "2019-11-02")}
    named = segment_sizes(ASSIGNMENTS, given)["segment"].to_list()
    assert named == ["Browsers", "Lions", "(too few events)", "(looks like a bot)"]


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


def figures_of(lions, bears, few):
    """The sizes of a shop with two segments and some customers without one, two events each."""
    names = ["lion"] * lions + ["bears"] * bears + ["unclassified"] * few
    numbers = {"lion": 1, "bears": 2, "unclassified": None}
    groups = pl.DataFrame(
        {
            "user_id": range(len(names)),
            "segment": pl.Series([numbers[name] for name in names], dtype=pl.Int16),
            "segment_name": names,
            "margin": [0.5] * len(names),
        }
    )
    features = groups.select(
        "user_id",
        n_events_history=pl.lit(2),
        total_purchase_value=pl.lit(1.0),
        has_purchased=pl.lit(value=True),
    )
    return size_figures(Customers(groups, features.lazy()))


def measures_shown(figures, name):
    rows = figures.filter(pl.col("segment_name") == name, ~pl.col(HIDDEN))
    return set(rows["measure"]) & {"users", "user_share", "event_share", "revenue_share"}


SHARES = {"user_share", "event_share", "revenue_share"}


@pytest.mark.parametrize(("few", "shares"), [(7, set()), (20, SHARES), (0, SHARES)])
def test_no_share_gives_away_a_few_customers_without_a_segment(few, shares):
    figures = figures_of(60, 40, few)
    assert measures_shown(figures, "lion") == {"users"} | shares
    assert measures_shown(figures, "population") == {"users"} | shares


def test_the_customers_behind_other_figures_do_not_tell_a_size_that_is_hidden():
    other = pl.DataFrame(
        [(1, "lion", "feature", "recency_days", "median", 3.0, 7, True)]
        + [
            (2, "bears", topic, "recency_days", "median", 3.0, 40, False)
            for topic in ("feature", "rfm_cell")
        ],
        schema=figures_of(7, 40, 20).schema,
        orient="row",
    )
    told = of_known_size(pl.concat([figures_of(7, 40, 20), other]))
    bears = told.filter(segment_name="bears", item="recency_days")
    assert bears.select("topic", "value", "users", HIDDEN).rows() == [
        ("feature", 3.0, None, False),
        ("rfm_cell", 3.0, None, True),
    ]
