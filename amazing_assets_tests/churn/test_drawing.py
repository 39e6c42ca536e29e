import polars as pl
import pytest

from amazing_assets.churn.drawing import drawn_number, is_below

CUSTOMERS = pl.DataFrame({"user_id": pl.int_range(20_000, eager=True)})


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 1.0])
def test_about_the_share_is_drawn(share):
    drawn = CUSTOMERS.filter(is_below(drawn_number(pl.col("user_id")), share)).height
    assert drawn == pytest.approx(share * 20_000, abs=200)


def test_another_number_draws_others():
    mine, others = (
        CUSTOMERS.filter(is_below(drawn_number(pl.col("user_id"), pl.lit(n)), 0.1)) for n in (1, 2)
    )
    assert mine.join(others, on="user_id").height == pytest.approx(200, abs=60)
