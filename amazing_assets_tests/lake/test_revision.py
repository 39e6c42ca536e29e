import polars as pl
import pytest

from amazing_assets.events.contract import RawEvents
from amazing_assets.lake import storage
from amazing_assets_tests.builders import event, raw

MONTH = "2019-10"


@pytest.fixture
def month(lake):
    with lake.draft("raw_events", MONTH, RawEvents) as draft:
        for part in ("first", "second"):
            draft.add(raw(*(event(user_id=user) for user in range(8))), part)
        draft.complete()
        draft.publish()
    return lake


def without(user):
    return lambda rows: rows.filter(pl.col("user_id") != user).collect()


def numbers(lake):
    """Of each file of the month its name and the number of its place on the disk."""
    files = storage.partition_files(lake.root / "raw_events", MONTH)
    return {f"{file.parent.name}/{file.name}": file.stat().st_ino for file in files}


def test_only_the_shard_of_who_leaves_is_written_again(month):
    before = numbers(month)
    assert month.revise("raw_events", [MONTH], without(5)) == {MONTH: 2}
    after = numbers(month)
    assert before.keys() == after.keys()
    assert {name.split("/")[0] for name in before if before[name] != after[name]} == {"shard=01"}
    assert sorted(month.scan("raw_events", MONTH).collect()["user_id"].unique()) == [
        *range(5),
        6,
        7,
    ]


def test_files_of_other_shards_are_not_even_read(month):
    read = []

    def rewrite(rows):
        read.extend(rows.collect()["user_id"].unique())

    assert month.revise("raw_events", [MONTH], rewrite, {1}) == {MONTH: 0}
    assert {user % month.shards for user in read} == {1}
    assert month.revise("raw_events", [MONTH], without(5), {0}) == {MONTH: 0}
    assert month.revise("raw_events", [MONTH], without(5), {1}) == {MONTH: 2}


def test_no_earlier_version_is_left(month):
    month.revise("raw_events", [MONTH], without(5))
    versions = list((month.root / ".store" / "raw_events" / ".versions").iterdir())
    assert len(versions) == 1
    shown = pl.read_parquet(month.root / "raw_events" / "**" / "*.parquet")
    assert 5 not in shown["user_id"]


def test_a_partition_that_loses_nothing_stays_the_version_it_was(month):
    link = month.root / ".store" / "raw_events" / f"month={MONTH}"
    before = link.resolve()
    assert month.revise("raw_events", [MONTH], without(99)) == {MONTH: 0}
    assert link.resolve() == before


def test_what_fails_half_way_leaves_the_partition_as_it_was(month):
    before = numbers(month)

    def rewrite(rows):
        if 3 in rows.collect()["user_id"]:
            raise ValueError("killed")
        return rows.head(0).collect()

    with pytest.raises(ValueError, match="killed"):
        month.revise("raw_events", [MONTH], rewrite)
    assert numbers(month) == before
    assert storage.sweep_all(month.root / "raw_events")


def test_a_partition_that_is_published_meanwhile_is_revised_in_its_new_form(month):
    later = iter([True])

    def rewrite(rows):
        if next(later, False):
            with month.draft("raw_events", MONTH, RawEvents) as draft:
                draft.add(raw(*(event(user_id=user) for user in (5, 9))), "delivered anew")
                draft.complete()
                draft.publish()
        return without(5)(rows)

    assert month.revise("raw_events", [MONTH], rewrite) == {MONTH: 1}
    assert month.scan("raw_events", MONTH).collect()["user_id"].to_list() == [9]


def test_versions_that_somebody_is_writing_are_told(month):
    with month.draft("raw_events", MONTH, RawEvents):
        assert not storage.sweep_all(month.root / "raw_events")
    assert storage.sweep_all(month.root / "raw_events")
