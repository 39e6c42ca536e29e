from datetime import UTC, date, datetime

import polars as pl

from amazing_assets.churn.value.purchases import orders_of, purchases_of, summarise_purchases

AS_OF = date(2019, 11, 5)


def bought(user, day, cents=1_000, purchases=1, priced=1):
    when = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return {
        "user_id": user,
        "quarter_hour": when,
        "purchases": purchases,
        "purchase_cents": cents,
        "priced_purchases": priced,
    }


def summary(*rows):
    return summarise_purchases(pl.LazyFrame(rows), AS_OF).sort("user_id").collect()


def test_a_purchase_is_a_day_on_which_a_customer_bought_however_many_goods_and_visits():
    told = summary(
        bought(1, "2019-10-01T10:00", cents=1_000, purchases=3, priced=3),
        bought(1, "2019-10-01T23:45", cents=500),
        bought(1, "2019-10-15T10:00", cents=2_500),
    )
    assert told.to_dicts() == [
        {
            "user_id": 1,
            "repeats": 1,
            "recency_weeks": 2.0,
            "age_weeks": 5.0,
            "orders": 2,
            "mean_order_value": 20.0,
        }
    ]


def test_who_never_bought_is_not_told_of():
    assert summary(bought(1, "2019-10-01T10:00", purchases=0, priced=0)).is_empty()


def test_a_purchase_of_unknown_value_is_a_purchase_and_no_order_of_value_0():
    told = summary(
        bought(1, "2019-10-08T10:00", cents=0, priced=0),
        bought(1, "2019-10-15T10:00", cents=3_000),
        bought(2, "2019-10-29T10:00", cents=0, priced=0),
    )
    assert purchases_of(told).repeats.tolist() == [1, 0]
    assert purchases_of(told).recency.tolist() == [1, 0]
    assert purchases_of(told).age.tolist() == [4, 1]
    assert orders_of(told).number.tolist() == [1, 0]
    assert orders_of(told).mean_value.tolist() == [30.0, 0.0]
