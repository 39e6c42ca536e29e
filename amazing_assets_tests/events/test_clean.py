import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from amazing_assets.events.clean import clean_shard
from amazing_assets.events.contract import EVENT_TYPES, CleanEvents
from amazing_assets.events.reading.blocks import read_blocks
from amazing_assets.events.reading.read import read_block
from amazing_assets.lake.contract import find_faults
from amazing_assets.landing.zone import LandedFile
from amazing_assets_tests.builders import EVENT, event, raw

CROWDED = ("b",)


def clean(*events, crowded=()):
    return clean_shard(raw(*events).lazy(), crowded).collect()


EVENTS = st.lists(
    st.builds(
        event,
        event_type=st.sampled_from(EVENT_TYPES),
        product_id=st.integers(1, 3),
        brand=st.sampled_from([None, "", " ", "NULL", "Samsung", "samsung ", "apple"]),
        category_code=st.sampled_from([None, "", "electronics.clocks"]),
        category_id=st.sampled_from([None, 2**60]),
        price_cents=st.sampled_from([None, -1, 0, 1, 3579]),
        user_id=st.integers(1, 3),
        user_session=st.sampled_from([None, "", " nan", "a", "b"]),
    ),
    max_size=12,
)


def test_a_row_reported_seventy_eight_times_counts_once():
    assert clean(*[event()] * 78).height == 1


def test_rows_that_differ_in_one_field_are_two_things():
    others = [event(**{name: value}) for name, value in OTHERS.items()]
    assert clean(event(), *others).height == 1 + len(others)


OTHERS = {
    "event_time": EVENT["event_time"].replace(second=1),
    "event_type": "cart",
    "product_id": 1,
    "category_id": None,
    "category_code": None,
    "brand": None,
    "price_cents": 1,
    "user_id": 1,
    "user_session": None,
}


@pytest.mark.parametrize("kind", ["view", "cart", "remove_from_cart"])
@pytest.mark.parametrize("price", [None, 0, -382])
def test_a_price_of_zero_or_below_is_no_price(price, kind):
    (row,) = clean(event(event_type=kind, price_cents=price)).to_dicts()
    assert (row["event_type"], row["price_cents"], row["returned_cents"]) == (kind, None, None)


@pytest.mark.parametrize("price", [None, 0])
def test_a_purchase_without_a_price_is_a_purchase_of_unknown_value(price):
    (row,) = clean(event(event_type="purchase", price_cents=price)).to_dicts()
    assert (row["event_type"], row["price_cents"], row["returned_cents"]) == (
        "purchase",
        None,
        None,
    )


def test_a_purchase_with_a_negative_price_is_a_return_and_no_purchase():
    rows = clean(
        event(event_type="purchase", price_cents=-382), event(event_type="purchase", price_cents=1)
    )
    assert rows.select("event_type", "price_cents", "returned_cents").rows() == [
        ("purchase", 1, None),
        ("return", None, 382),
    ]


def test_two_returns_of_different_amounts_are_two_and_a_copy_is_one():
    back = [event(event_type="purchase", price_cents=cents) for cents in (-1, -2, -2)]
    assert clean(*back)["returned_cents"].to_list() == [1, 2]


@pytest.mark.parametrize(
    "word", ["null", "NULL", "NaN", "nan", "None", "none", r"\N", r"\n", " null ", "", "  "]
)
def test_words_for_nothing_are_nothing(word):
    rows = clean(event(brand=word, category_code=word, user_session=word))
    assert rows.select("brand", "category_code", "user_session").rows() == [(None, None, None)]


@pytest.mark.parametrize("word", ["nullify", "nano", "nones", "n", r"\Na", "na n"])
def test_a_word_that_only_looks_like_nothing_is_kept(word):
    rows = clean(event(brand=word, category_code=word, user_session=word))
    assert rows.select("brand", "category_code", "user_session").rows() == [
        (word.lower(), word.lower(), word)
    ]


def test_customers_of_a_crowded_session_are_flagged_with_all_they_do():
    rows = clean(
        event(user_id=1, user_session="b"),
        event(user_id=1, user_session="a", product_id=2),
        event(user_id=2, user_session="a"),
        event(user_id=2, user_session=None, product_id=2),
        crowded=CROWDED,
    )
    assert rows.select("user_id", "is_bot_suspect", "is_crowded_session").rows() == [
        (1, True, False),
        (1, True, True),
        (2, False, False),
        (2, False, False),
    ]


def test_brand_and_category_are_trimmed_lower_case_and_never_empty():
    rows = clean(
        event(brand=" SamSung ", category_code="Electronics.Clocks", product_id=1),
        event(brand="  ", category_code="", product_id=2),
    )
    assert rows.select("brand", "category_code").rows() == [
        ("samsung", "electronics.clocks"),
        (None, None),
    ]


def test_within_a_second_the_funnel_is_the_order():
    rows = clean(*(event(event_type=kind, product_id=9) for kind in reversed(EVENT_TYPES)))
    assert rows["event_type"].to_list() == list(EVENT_TYPES)


@pytest.mark.parametrize(
    ("events", "suspect"),
    [
        ([event(product_id=i) for i in range(500)], False),
        ([event(product_id=i, user_session=str(i % 2)) for i in range(501)], True),
        (
            [
                event(product_id=i, event_time=EVENT["event_time"].replace(day=1 + i % 3))
                for i in range(501)
            ],
            True,
        ),
        (
            [
                event(user_session=str(i), event_time=EVENT["event_time"].replace(day=1 + i % 31))
                for i in range(300)
            ],
            False,
        ),
        (
            [
                event(user_session=str(i), event_time=EVENT["event_time"].replace(day=1 + i % 31))
                for i in range(301)
            ],
            True,
        ),
    ],
    ids=["500 a day", "501 a day", "501 a session", "300 sessions", "301 sessions"],
)
def test_customers_like_bots_are_flagged_and_kept(events, suspect):
    rows = clean(*events, event(user_id=7))
    assert rows.height == len(events) + 1
    assert dict(rows.group_by("user_id").agg(pl.col("is_bot_suspect").any()).iter_rows()) == {
        EVENT["user_id"]: suspect,
        7: False,
    }


@given(EVENTS)
def test_cleaning_twice_is_cleaning_once(events):
    once = clean(*events, crowded=CROWDED)
    assert_frame_equal(clean_shard(once.lazy(), CROWDED).collect(), once)
    assert not find_faults(CleanEvents.to_schema(), once)


@given(EVENTS)
def test_returns_have_what_was_paid_back_and_no_price_and_nothing_else_has(events):
    rows = clean(*events)
    is_return = rows["event_type"] == "return"
    assert (rows["returned_cents"].is_not_null() == is_return).all()
    assert rows.filter(is_return)["price_cents"].is_null().all()


@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_never_matters(events, random):
    shuffled = random.sample(events, len(events))
    assert_frame_equal(clean(*shuffled), clean(*events))


@given(EVENTS, st.integers(1, 4))
def test_the_number_of_shards_never_matters(events, shards):
    rows = raw(*events).lazy()
    parts = [clean_shard(rows.filter(pl.col("user_id") % shards == n)) for n in range(shards)]
    assert_frame_equal(
        pl.concat(parts).collect().sort("user_id", maintain_order=True), clean(*events)
    )


REAL = {
    "multicat_2019-10-01_0000-0250.csv": (17_429, {"view": 4, "cart": 1}, 19, 5_944_263),
    "cosmetics_2019-10-01_first20k.csv": (
        18_900,
        {"remove_from_cart": 1_019, "cart": 79, "purchase": 2},
        38,
        788_168,
    ),
    "cosmetics_2019-10-31_tail.csv": (2_141, {"remove_from_cart": 138, "cart": 4}, 1, 117_692),
}


@pytest.mark.parametrize("name", REAL)
def test_duplicates_and_zero_prices_of_real_files_are_those_measured(real_data, name):
    events, duplicates, zero_prices, cents = REAL[name]
    blocks = read_blocks(LandedFile.at(real_data / name))
    before = pl.concat([read_block(block, "2019-10", "key").kept for block in blocks])
    after = clean_shard(before.lazy()).collect()
    extra = {
        kind: (before["event_type"] == kind).sum() - (after["event_type"] == kind).sum()
        for kind in EVENT_TYPES
    }
    assert after.height == events
    assert {kind: number for kind, number in extra.items() if number} == duplicates
    assert (before["price_cents"] <= 0).sum() == zero_prices
    assert after.filter(pl.col("event_type") == "purchase")["price_cents"].sum() == cents
