"""What is true of a demo world: who its customers are, and every planted fault, counted.

Counts are taken from the very rows that are written, a day at a time.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from amazing_assets.demo.behaviour import EVENT_TYPES, PURCHASE
from amazing_assets.demo.chance import Flags
from amazing_assets.demo.days import Day
from amazing_assets.demo.faults import CUT, FAULTS, REASONS

SAME_EVENT = ("second", "customer", "kind", "product", "cents", "high", "low")


@dataclass(frozen=True)
class Truth:
    """Where the truth lies, and its totals."""

    customers: Path
    dirt: Path
    rows_written: int
    rows_kept: int
    files: tuple[Path, ...]


@dataclass
class MonthTally:
    """The counts of one month, as they grow day by day."""

    is_bot: Flags
    rows_written: int = 0
    zero_prices: int = 0
    negative_prices: int = 0
    returns: int = 0
    returned_cents: int = 0
    unpriced_purchases: int = 0
    null_sessions: int = 0
    words_for_nothing: int = 0
    shared_sessions: int = 0
    truncated_last_line: bool = False
    events: Counter[str] = field(default_factory=Counter)
    duplicates: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    bot_events: int = 0
    bots: set[int] = field(default_factory=set)
    crossing: list[pl.DataFrame] = field(default_factory=list)

    def add(self, today: Day) -> None:
        """Count a day's rows."""
        events, kept = today.events, today.events.filter(pl.col("fault") == 0)
        self.shared_sessions += today.shared
        self.truncated_last_line |= CUT in events["fault"]
        self.rows_written += len(events)
        for code, rows in events.filter(pl.col("fault") > 0)["fault"].value_counts().rows():
            self.rejected[FAULTS[code - 1].reason] += rows
        self.zero_prices += int((kept["cents"] == 0).sum())
        self.negative_prices += int((kept["cents"] < 0).sum())
        self.null_sessions += int((kept["low"] == 0).sum())
        self.words_for_nothing += int(((kept["low"] == 0) & (kept["high"] > 0)).sum())
        once = distinct_events(kept)
        self._add_sales(once.filter(pl.col("kind") == PURCHASE)["cents"])
        written, distinct = by_type(kept), by_type(once)
        self.events += written
        self.duplicates += written - distinct
        robots = kept["customer"].filter(pl.Series(self.is_bot[kept["customer"].to_numpy()]))
        self.bot_events += len(robots)
        self.bots |= set(robots.unique())
        crossed = kept.filter(pl.col("begun") < today.month_start, pl.col("low") != 0)
        self.crossing.append(crossed.select("customer", "high", "low").unique())

    def _add_sales(self, cents: pl.Series) -> None:
        """Count what purchases, each once, say of returns and of values that nobody knows."""
        self.returns += int((cents < 0).sum())
        self.returned_cents -= int(cents.clip(upper_bound=0).cast(pl.Int64).sum())
        self.unpriced_purchases += int((cents == 0).sum())

    def report(self) -> dict[str, object]:
        """Return the counts as they are written down."""
        return {
            "rows_written": self.rows_written,
            "rows_kept": self.events.total(),
            "rejected": {reason: self.rejected[reason] for reason in REASONS},
            "events": {kind: self.events[kind] for kind in EVENT_TYPES},
            "exact_duplicates": {kind: self.duplicates[kind] for kind in EVENT_TYPES},
            "returns": {"events": self.returns, "cents": self.returned_cents},
            "unpriced_purchases": self.unpriced_purchases,
            "null_sessions": self.null_sessions,
            "words_for_nothing": self.words_for_nothing,
            "zero_prices": self.zero_prices,
            "negative_prices": self.negative_prices,
            "shared_sessions": self.shared_sessions,
            "month_crossing_sessions": pl.concat(self.crossing).n_unique() if self.crossing else 0,
            "bots": {"users": len(self.bots), "events": self.bot_events},
            "truncated_last_line": self.truncated_last_line,
        }


def distinct_events(events: pl.DataFrame) -> pl.DataFrame:
    """Return events once each; how a missing session is written makes no difference."""
    missing = pl.col("low") == 0
    return events.with_columns(high=pl.when(~missing).then("high")).unique(SAME_EVENT)


def by_type(events: pl.DataFrame) -> Counter[str]:
    """Return how many events there are of each type."""
    return Counter({EVENT_TYPES[kind]: rows for kind, rows in events["kind"].value_counts().rows()})


def write_truth(
    folder: Path,
    customers: pl.DataFrame,
    tallies: dict[date, MonthTally],
    files: tuple[Path, ...],
) -> Truth:
    """Write `customers.parquet` and `dirt.json`, the counts of all months keyed like `2019-10`."""
    folder.mkdir(exist_ok=True)
    truth = Truth(
        customers=folder / "customers.parquet",
        dirt=folder / "dirt.json",
        files=files,
        rows_written=sum(tally.rows_written for tally in tallies.values()),
        rows_kept=sum(tally.events.total() for tally in tallies.values()),
    )
    customers.write_parquet(truth.customers)
    report = {f"{month:%Y-%m}": tally.report() for month, tally in tallies.items()}
    truth.dirt.write_text(json.dumps(report, indent=2) + "\n")
    return truth
