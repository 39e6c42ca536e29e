"""What is unlike the last months: for a person to look at, never a reason to stop.

Every function takes the `EventStatistics` of a month and those of the months before it, and
returns `FINDINGS`; no row means that all is as usual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from amazing_assets.events.statistics.topics import NAMELESS, OTHERS

if TYPE_CHECKING:
    from collections.abc import Callable

# What a month is compared with, in months. After three months a change is the new usual.
LAST_MONTHS = 3

FINDINGS = pl.Schema({"what": pl.String, "now": pl.Float64, "usual": pl.Float64})

# November 2019, with the largest sale of the year, had 1.6 times the events a day of October.
_FEWEST, _MOST = 2 / 3, 2
# Of 20 a day, the median of a month is off by a third once in 1e8.
_A_DAY = 20

# When the shop remapped its categories, the share without a code fell from 0.32 to 0.10; in two
# ordinary months it was 0.318 and 0.324.
_NULLS, _NULLS_RELATIVE = 0.02, 0.3

# The remap moved nearly all events; two ordinary months differ in the places around the 20th.
_MOVED = 0.1


def unusual_volume(now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Return what is far more or far less a day than in the last months."""
    days, days_before = _usual_days(now), _usual_days(before)
    usual = days_before.group_by("what").agg(usual=pl.col("value").median())
    ratio = pl.col("now") / pl.col("usual")
    return _findings(
        days.rename({"value": "now"})
        .join(usual, on="what")
        .filter(pl.col("usual") >= _A_DAY, ~ratio.is_between(_FEWEST, _MOST))
    )


def unusual_nulls(now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Return the columns whose share of nulls is unlike that of each of the last months."""
    usual = _null_shares(before).group_by("what").agg(low=pl.min("value"), high=pl.max("value"))
    value = pl.col("now")
    return _findings(
        _null_shares(now)
        .rename({"value": "now"})
        .join(usual, on="what")
        .with_columns(usual=value.clip("low", "high"))
        .filter((value - pl.col("usual")).abs() > _NULLS + _NULLS_RELATIVE * pl.col("usual"))
    )


def moved_taxonomy(now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Return the large categories and brands that are new or gone, if many events are theirs.

    Only the largest are known by name, so `now` and `usual` are shares of all named events, and 0
    stands for "not among the largest".
    """
    return pl.concat([_moved("category", now, before), _moved("brand", now, before)])


def gaps(now: pl.DataFrame, _before: pl.DataFrame) -> pl.DataFrame:
    """Return the days without any event, with the events of a usual day."""
    return _awaited("missing_day", now)


def silences(now: pl.DataFrame, _before: pl.DataFrame) -> pl.DataFrame:
    """Return the stretches in which almost nothing was logged, with the events expected."""
    return _awaited("outage", now)


def caveats(now: pl.DataFrame, _before: pl.DataFrame) -> pl.DataFrame:
    """Return what the month's analysis warns of, a sentence each."""
    said = now.filter(topic="warning")
    return _findings(said.select(what="item", now="value", usual=pl.lit(None)))


def crowds(now: pl.DataFrame, _before: pl.DataFrame) -> pl.DataFrame:
    """Return how many sessions were used by too many customers, and how many these were."""
    rows = now.filter(topic="crowded_session", item="all")
    found = {name: rows.filter(measure=name)["value"].sum() for name in ("sessions", "customers")}
    sessions, customers = int(found["sessions"]), int(found["customers"])
    if not sessions:
        return pl.DataFrame(schema=FINDINGS)
    what = (
        f"sessions of more than 20 customers each: {sessions}; their customers, {customers}, are "
        f"flagged like bots and get no segment"
    )
    return _findings(pl.DataFrame({"what": [what], "now": [sessions], "usual": [0]}))


class Monitor(NamedTuple):
    """Something that is looked for in every month.

    Attributes:
        find: From the month's `EventStatistics` and those of the last months to `FINDINGS`.
        expects: What holds if nothing is found.
    """

    find: Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]
    expects: str


MONITORS = {
    "volume_is_usual": Monitor(
        unusual_volume,
        expects="A usual day has about as many events, customers and purchases as in the last "
        "three months: not below two thirds, not above twice as many.",
    ),
    "null_shares_are_usual": Monitor(
        unusual_nulls,
        expects="Categories, brands and sessions are missing about as often as in one of the last "
        "three months.",
    ),
    "taxonomy_is_stable": Monitor(
        moved_taxonomy,
        expects="The large categories and brands are those of the last three months: fewer than a "
        "tenth of the events belong to new or to vanished ones.",
    ),
    "no_day_is_missing": Monitor(gaps, expects="Every day of the month has events."),
    "no_silence": Monitor(silences, expects="At no time did the shop log almost nothing."),
    "sessions_are_of_few": Monitor(
        crowds, expects="No session's id was used by more than 20 customers."
    ),
    "nothing_misleads": Monitor(
        caveats,
        expects="Nothing in the files would mislead a model, such as rounded ids or a sample of "
        "rows.",
    ),
}


def _findings(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(dtype) for name, dtype in FINDINGS.items()).sort("what")


def _usual_days(statistics: pl.DataFrame) -> pl.DataFrame:
    """Columns `month`, `what` and `value`: the median over the days that have events."""
    measures = ("events", "customers", "purchases")
    rows = statistics.filter(pl.col("topic") == "day", pl.col("measure").is_in(measures))
    # A missing day is a gap, not a small volume.
    events = pl.col("value").filter(pl.col("measure") == "events").sum().over("month", "item")
    return (
        rows.filter(events > 0)
        .group_by("month", what=pl.format("{} a day", "measure"))
        .agg(pl.col("value").median())
    )


def _null_shares(statistics: pl.DataFrame) -> pl.DataFrame:
    by_type = pl.col("item").str.contains("/", literal=True)
    rows = statistics.filter(pl.col("topic") == "null", pl.col("measure") == "share", ~by_type)
    return rows.select(pl.format("share without {}", "item").alias("what"), "value")


def _moved(topic: str, now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    today, past = _shares(now, topic), _shares(before, topic)
    if past.is_empty():
        return pl.DataFrame(schema=FINDINGS)
    months = past["month"].n_unique()
    # Below this share an item may be there and not be named.
    floor, floors = today["floor"].max() or 0.0, past["floor"].max() or 0.0
    lasting = past.group_by("item").agg(pl.len(), usual=pl.min("value")).filter(len=months)
    gone = lasting.join(today, on="item", how="anti").filter(pl.col("usual") > floor)
    new = today.join(past, on="item", how="anti").filter(pl.col("value") > floors)
    lost, gained = (gone["usual"] - floor).sum(), (new["value"] - floors).sum()
    if max(lost, gained) <= _MOVED:
        return pl.DataFrame(schema=FINDINGS)
    item = pl.format(f"{topic} {{}} is {{}}", "item", "how").alias("what")
    rows = [
        gone.with_columns(now=0.0, how=pl.lit("gone")),
        new.with_columns(now="value", usual=0.0, how=pl.lit("new")),
    ]
    return pl.concat([_findings(row.with_columns(item)) for row in rows])


def _shares(statistics: pl.DataFrame, topic: str) -> pl.DataFrame:
    """Columns `month`, `item`, `value`, `floor`: what a month's largest are of its named events."""
    named = statistics.filter(
        pl.col("topic") == topic, pl.col("measure") == "events", pl.col("item") != NAMELESS
    )
    rest = pl.col("item") == OTHERS
    return (
        named.with_columns(pl.col("value") / pl.col("value").sum().over("month"))
        .with_columns(some_unnamed=rest.any().over("month"))
        .filter(~rest)
        .with_columns(
            floor=pl.when("some_unnamed").then(pl.col("value").min().over("month")).otherwise(0.0)
        )
        .select("month", "item", "value", "floor")
    )


def _awaited(topic: str, statistics: pl.DataFrame) -> pl.DataFrame:
    rows = statistics.filter(topic=topic)
    value = {
        name: pl.col("value").filter(pl.col("measure") == measure).first()
        for name, measure in (("now", "events"), ("usual", "expected_events"))
    }
    return _findings(rows.group_by(what="item").agg(**value))
