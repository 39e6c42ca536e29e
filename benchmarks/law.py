"""How seconds and memory grow with the events of a month, and what that would mean far beyond.

A projection is no measurement. It takes for granted that seconds stay a line through the largest
sizes measured, that memory follows the events of a shard, and that nothing new comes in between: a
disk that does not keep up, one file too large for one reader, a first shuffle between machines.
"""

from dataclasses import dataclass
from math import log

from benchmarks.kept import Kept
from benchmarks.scenarios import IN_ONE, SHARDS, TO_SUMMARIES
from benchmarks.steps import STEPS

FAR = 10_000_000_000

# As many as a lake may have.
MOST_SHARDS = 256

NOTHING, SIZES, LARGEST = "1k", ("1M", "5M", "20M", "65M"), ("20M", "65M")
SHARDED = "20M in shards"
GROWING = (*STEPS, TO_SUMMARIES, IN_ONE)


@dataclass(frozen=True)
class Law:
    """Seconds as a line through the two largest sizes.

    Attributes:
        step: Of what.
        fixed: Seconds that a month of a thousand events takes.
        slope: Seconds of a million events more.
        exponent: Of the events, in what grows; 1: in proportion.
    """

    step: str
    fixed: float
    slope: float
    exponent: float

    def seconds(self, events: int) -> float:
        """Return the seconds of so many events, if the line went on."""
        return self.fixed + self.slope * events / 1e6


def laws(kept: Kept) -> list[Law]:
    """Return the law of every step; of none while a size is missing."""
    return [law for step in GROWING if (law := _law(kept, step))]


def _law(kept: Kept, step: str) -> Law | None:
    nothing, small, large = (kept.find(size, step) for size in (NOTHING, *LARGEST))
    if nothing is None or small is None or large is None:
        return None
    fixed = nothing.seconds
    more = (large.any.events - small.any.events) / 1e6
    grown = [each.seconds - fixed for each in (small, large)]
    exponent = float("nan")
    if min(grown) > 0:
        exponent = log(grown[1] / grown[0]) / log(large.any.events / small.any.events)
    return Law(step, fixed, (large.seconds - small.seconds) / more, exponent)


@dataclass(frozen=True)
class Projection:
    """What a month of ten thousand million events would take, if all went on as it does.

    Attributes:
        hours: On the measured machine, from landing to features.
        gigabytes: Of memory, with as many shards as a lake may have.
        lake: Gigabytes of disk.
        machines: Of this kind that finish in a day, shards being spread evenly.
    """

    hours: float
    gigabytes: float
    lake: float
    machines: float


def projection(kept: Kept) -> Projection | None:
    """Return it; None while it is not all measured."""
    law, one = _law(kept, IN_ONE), kept.find(LARGEST[-1], IN_ONE)
    few, many = (kept.find(SHARDED, IN_ONE, shards=number) for number in (SHARDS[0], SHARDS[-1]))
    if law is None or one is None or few is None or many is None:
        return None
    hours = law.seconds(FAR) / 3600
    sizes = [each.any.events / each.any.shards / 1e6 for each in (few, many)]
    # More shards than it takes make crumbs, and then memory is that of the program itself.
    slope = max(0.0, (few.gigabytes - many.gigabytes) / (sizes[0] - sizes[1]))
    gigabytes = few.gigabytes + slope * (FAR / MOST_SHARDS / 1e6 - sizes[0])
    lake = one.any.lake * FAR / one.any.events
    return Projection(hours, gigabytes, lake, hours / 24)
