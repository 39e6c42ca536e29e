"""A second reader, slow and independent of the generator: plain Python over plain lines."""

import gzip
import re
from collections import Counter, defaultdict
from datetime import date, datetime
from pathlib import Path

import polars as pl

HEADER = (
    "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session"
)
TYPES = {"view", "cart", "remove_from_cart", "purchase"}
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC")
PRICE = re.compile(r"-?\d+\.\d\d")
NOTHING = {"", "null", "nan", "none", "\\n"}


def lines(path: Path) -> list[str]:
    whole = path.read_bytes()
    text = (gzip.decompress(whole) if path.suffix == ".gz" else whole).decode()
    header, *rest = text.split("\n")
    assert header == HEADER
    return rest[:-1] if rest[-1] == "" else rest


def month_of(path: Path) -> str:
    return f"{datetime.strptime(path.name[:8], '%Y-%b'):%Y-%m}"  # noqa: DTZ007 - a month


def fault(line: str, month: str) -> str | None:
    fields = line.split(",")
    if len(fields) != 9:
        return "too_few_fields" if len(fields) < 9 else "too_many_fields"
    time, kind, product, category, _, _, price, user, _ = fields
    ids = (product, category, user)
    verdicts = {
        "unparsable_time": not TIME.fullmatch(time),
        "unknown_event_type": kind not in TYPES,
        "missing_id": "" in ids,
        "unparsable_id": not all(field.isdigit() for field in ids if field),
        "unparsable_price": not PRICE.fullmatch(price),
        "outside_month": TIME.fullmatch(time) is not None and not time.startswith(month),
    }
    return next((reason for reason, broken in verdicts.items() if broken), None)


def recount(files: tuple[Path, ...], bots: set[str]) -> dict[str, dict]:
    """Count what `dirt.json` counts, from the files alone."""
    months, begun, seen = defaultdict(list), {}, {}
    for path in files:
        months[month_of(path)] += lines(path)
    for month, written in months.items():
        verdicts = [fault(line, month) for line in written]
        kept = [line for line, verdict in zip(written, verdicts, strict=True) if verdict is None]
        rows = [line.split(",") for line in kept]
        sessions = {(row[7], row[8]) for row in rows if row[8].lower() not in NOTHING}
        bought = [line.split(",")[6] for line in set(kept) if line.split(",")[1] == "purchase"]
        prices = [round(float(price) * 100) for price in bought]
        by_bots = [row[7] for row in rows if row[7] in bots]
        seen[month] = {
            "rows_written": len(written),
            "rows_kept": len(kept),
            "rejected": Counter(filter(None, verdicts)),
            "events": Counter(row[1] for row in rows),
            "exact_duplicates": Counter(row[1] for row in rows)
            - Counter(line.split(",")[1] for line in set(kept)),
            "returns": {
                "events": sum(price < 0 for price in prices),
                "cents": sum(-price for price in prices if price < 0),
            },
            "unpriced_purchases": prices.count(0),
            "null_sessions": sum(row[8].lower() in NOTHING for row in rows),
            "words_for_nothing": sum(row[8].lower() in NOTHING - {""} for row in rows),
            "zero_prices": sum(float(row[6]) == 0 for row in rows),
            "negative_prices": sum(float(row[6]) < 0 for row in rows),
            "shared_sessions": shared(sessions, month, begun),
            "month_crossing_sessions": sum(
                begun.setdefault(session, month) < month for session in sessions
            ),
            "bots": {"users": len(set(by_bots)), "events": len(by_bots)},
        }
    return seen


def shared(sessions: set[tuple[str, str]], month: str, begun: dict) -> int:
    """Count ids with two users, once, in the month in which they begin."""
    users = Counter(session for user, session in sessions if begun.get((user, session)) is None)
    return sum(count > 1 for count in users.values())


def frame(files: tuple[Path, ...]) -> pl.DataFrame:
    """Return the good rows, typed."""
    good = [
        (month_of(path), *line.split(","))
        for path in files
        for line in lines(path)
        if fault(line, month_of(path)) is None
    ]
    names = ["month", *HEADER.split(",")]
    return pl.DataFrame(good, schema=dict.fromkeys(names, pl.String), orient="row").with_columns(
        pl.col("event_time").str.to_datetime("%Y-%m-%d %H:%M:%S UTC"),
        pl.col("price").cast(pl.Float64),
        pl.col("product_id", "category_id", "user_id").cast(pl.Int64),
        pl.col("category_code", "brand").replace("", None),
        pl.when(~pl.col("user_session").str.to_lowercase().is_in(NOTHING)).then("user_session"),
    )


def days(events: pl.DataFrame) -> dict[date, int]:
    counts = events.group_by(pl.col("event_time").dt.date()).len()
    return dict(counts.iter_rows())
