"""The targets of speed and memory, and whether what was measured keeps them."""

from collections.abc import Iterator

from benchmarks.acceptance import Result
from benchmarks.kept import Kept
from benchmarks.law import NOTHING
from benchmarks.scenarios import BACKFILL, EIGHTH, IN_ONE, MONTHS, PEERS, TO_SUMMARIES
from benchmarks.steps import FEATURES, STEPS

BESIDE_PEERS, SEVEN = "9.6M and a next", "seven months"
FULL_SIZES = ("20M", "65M")
EIGHTH_MONTH, SEVENTH_MONTH = len(MONTHS) + 1, len(MONTHS)


def results(kept: Kept) -> list[Result]:
    """Return every target of which all was measured."""
    rules = (_summaries, _features, _seventh, _memory, _backfill, _eighth, _peers, _own_share)
    return [result for rule in rules for result in rule(kept)]


def _at_most(check: str, measured: float, target: float, unit: str = "x bare") -> Result:
    shown = f"{measured:.2f} {unit}"
    return Result("speed", check, 1, shown, f"at most {target:g} {unit}", measured <= target)


def _summaries(kept: Kept) -> Iterator[Result]:
    for size in FULL_SIZES:
        if found := kept.find(size, TO_SUMMARIES):
            yield _at_most(f"landing to summaries, {size}", found.ratio, 4.0)
            yield _at_most(f"landing to summaries, {size}", found.gigabytes, 1.5, "GB")


def _features(kept: Kept) -> Iterator[Result]:
    for size in FULL_SIZES:
        if found := kept.find(size, FEATURES):
            yield _at_most(f"user_features of one month, {size}", found.ratio, 2.0)
            yield _at_most(f"user_features of one month, {size}", found.gigabytes, 2.0, "GB")


def _seventh(kept: Kept) -> Iterator[Result]:
    if found := kept.find(SEVEN, FEATURES, SEVENTH_MONTH):
        yield _at_most("user_features, the seventh of seven months", found.ratio, 8.0)
        yield _at_most("user_features, the seventh of seven months", found.gigabytes, 2.0, "GB")


def _memory(kept: Kept) -> Iterator[Result]:
    small, large = (kept.find(size, IN_ONE) for size in FULL_SIZES)
    if small and large:
        more = large.gigabytes / small.gigabytes
        yield _at_most("memory of 65M, landing to features", more, 1.2, "x that of 20M")


def _backfill(kept: Kept) -> Iterator[Result]:
    if found := kept.find(SEVEN, BACKFILL, SEVENTH_MONTH):
        yield _at_most("seven months, landing to assignments, one backfill", found.ratio, 10.0)


def _eighth(kept: Kept) -> Iterator[Result]:
    seventh, eighth = (
        kept.find_all(SEVEN, tuple(STEPS), history) for history in (SEVENTH_MONTH, EIGHTH_MONTH)
    )
    if seventh and eighth:
        # In bare calls, for the two were measured an hour apart.
        more = sum(each.ratio for each in eighth) / sum(each.ratio for each in seventh)
        yield _at_most(f"an eighth month, {EIGHTH}", more, 1.25, "x the seventh")


def _peers(kept: Kept) -> Iterator[Result]:
    ours, script = (kept.find(BESIDE_PEERS, step) for step in (IN_ONE, "DuckDB script"))
    if ours and script and not script.failure:
        seconds, memory = ours.seconds / script.seconds, ours.gigabytes / script.gigabytes
        yield _at_most("landing to features, 9.6M", seconds, 1.2, "x the DuckDB script")
        yield _at_most("memory, 9.6M", memory, 0.25, "x the DuckDB script")
    ours, others = kept.find(BESIDE_PEERS, IN_ONE, 2), kept.find_all(BESIDE_PEERS, tuple(PEERS), 2)
    if ours and others:
        fastest = min(others, key=lambda each: each.seconds)
        seconds = ours.seconds / fastest.seconds
        yield _at_most("a next month of 9.6M", seconds, 1.0, f"x the fastest, {fastest.any.step}")


def _own_share(kept: Kept) -> Iterator[Result]:
    """What does not grow with the files: Dagster, and with it Python and every import."""
    nothing, whole = kept.find(NOTHING, IN_ONE), kept.find(FULL_SIZES[-1], IN_ONE)
    if nothing and whole:
        share = 100 * nothing.seconds / whole.seconds
        yield _at_most("Dagster's share of 65M, with all imports", share, 5.0, "%")
