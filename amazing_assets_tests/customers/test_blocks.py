import polars as pl
import pytest

from amazing_assets.customers.blocks import in_blocks

USERS = [1, 1, 4, 7, 7, 7, 9, 30]


def blocks(users, rows, known=None):
    """The customers of each block, of sessions and of products."""
    sessions = pl.LazyFrame({"user_id": users}, schema={"user_id": pl.Int64})
    products = sessions if known is None else sessions.filter(pl.col("user_id").is_in(known))
    return [
        tuple(part.collect()["user_id"].to_list() for part in block)
        for block in in_blocks(sessions, products, rows)
    ]


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 8, 100])
@pytest.mark.parametrize("users", [USERS, USERS[::-1]], ids=["sorted", "in any order"])
def test_every_row_is_in_one_block_and_a_customer_in_no_two(users, rows):
    found = [of_sessions for of_sessions, _ in blocks(users, rows)]
    assert sorted(user for block in found for user in block) == sorted(users)
    assert sum(len(set(block)) for block in found) == len(set(users))
    assert [min(block) for block in found] == sorted(min(block) for block in found)


def test_a_small_shard_and_an_empty_one_are_one_block():
    assert blocks(USERS, 8) == [(USERS, USERS)]
    assert blocks([], 8) == [([], [])]


def test_more_rows_make_more_blocks():
    assert [len(blocks(USERS, rows)) for rows in (8, 4, 1)] == [1, 2, 5]


def test_both_summaries_of_a_block_are_of_the_same_customers():
    assert blocks(USERS, 2, known=[4, 7, 30]) == [
        ([1, 1, 4], [4]),
        ([7, 7, 7, 9], [7, 7, 7]),
        ([30], [30]),
    ]
