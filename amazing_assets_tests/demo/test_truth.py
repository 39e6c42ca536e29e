import json
from collections import Counter

import polars as pl
import pytest

from amazing_assets.demo.faults import REASONS

from . import reader


@pytest.mark.parametrize("world", ["autumn", "cosmetics"])
def test_every_count_equals_a_recount_from_the_files(world, request):
    truth = request.getfixturevalue(world)
    customers = pl.read_parquet(truth.customers)
    bots = {str(user) for user in customers.filter("is_bot")["user_id"]}
    told = json.loads(truth.dirt.read_text())
    counted = reader.recount(truth.files, bots)
    assert list(told) == list(counted)
    for month, counts in counted.items():
        stated = told[month]
        assert Counter(stated.pop("rejected")) == counts.pop("rejected"), month
        assert Counter(stated.pop("events")) == counts.pop("events"), month
        assert Counter(stated.pop("exact_duplicates")) == counts.pop("exact_duplicates"), month
        stated.pop("truncated_last_line")
        assert stated == counts, month
    assert truth.rows_written == sum(counts["rows_written"] for counts in counted.values())
    assert truth.rows_kept == sum(counts["rows_kept"] for counts in counted.values())


@pytest.mark.parametrize("world", ["autumn", "cosmetics"])
def test_every_fault_is_planted_every_month(world, request):
    for counts in json.loads(request.getfixturevalue(world).dirt.read_text()).values():
        assert all(counts["rejected"][reason] for reason in REASONS)
        assert counts["null_sessions"] >= counts["words_for_nothing"] >= 1
        assert counts["returns"]["events"] >= 1
        assert counts["unpriced_purchases"] >= 1
        assert counts["shared_sessions"] >= 1
        assert counts["bots"]["users"] >= 1


def test_sessions_cross_into_the_next_month(autumn):
    first, *others = json.loads(autumn.dirt.read_text()).values()
    assert first["month_crossing_sessions"] == 0
    assert all(counts["month_crossing_sessions"] > 0 for counts in others)


def test_every_event_is_of_a_known_customer_who_was_alive(autumn, autumn_events):
    customers = pl.read_parquet(autumn.customers)
    day = pl.col("event_time").dt.date()
    events = autumn_events.join(customers, on="user_id", how="left")
    assert events["alive_from"].null_count() == 0
    assert events.filter(day < pl.col("alive_from")).is_empty()
    # A session begun on the last evening may last into the night.
    assert events.filter(day > pl.col("alive_until").dt.offset_by("1d")).is_empty()


def test_bots_are_beyond_the_limits_of_a_person_and_do_not_outweigh_them(autumn, autumn_events):
    bots = pl.read_parquet(autumn.customers).filter("is_bot").select("user_id")
    mechanical = (
        autumn_events.join(bots, on="user_id")
        .group_by("month", "user_id")
        .agg(
            sessions=pl.col("user_session").n_unique(),
            longest=pl.col("user_session").drop_nulls().value_counts().struct[1].max(),
        )
    )
    assert mechanical.filter((pl.col("sessions") <= 300) & (pl.col("longest") <= 500)).is_empty()
    human = (
        autumn_events.join(bots, on="user_id", how="anti")
        .group_by("month", "user_id")
        .agg(sessions=pl.col("user_session").n_unique())
    )
    assert human["sessions"].max() < 300
    assert len(autumn_events.join(bots, on="user_id")) < 0.1 * len(autumn_events)


def test_seven_personas_have_their_shares_and_bots_none(autumn):
    customers = pl.read_parquet(autumn.customers)
    shares = customers.filter(~pl.col("is_bot"))["persona"].value_counts(normalize=True)
    assert len(shares) == 7
    assert 0.02 < shares["proportion"].min() < 0.05
    assert 0.27 < shares["proportion"].max() < 0.33
    assert customers.filter("is_bot")["persona"].null_count() == customers["is_bot"].sum()
