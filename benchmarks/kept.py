"""Finished measurements, kept in a file, so that a benchmark that was killed goes on."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path


@dataclass(frozen=True)
class Measurement:
    """What one process took, beside the bare call of the files that it is about.

    Attributes:
        scenario: Which files, as `20M`.
        step: What was run.
        history: How many months there are by then.
        events: Rows of the files that the bare call reads.
        shards: As asked for; 0: the lake's own number.
        round: Times before that the same was measured.
        seconds: Of the whole process; None: it did not end, `failure` says why.
        gigabytes: The most memory that it held.
        bare: Seconds of the bare call in the same sitting, summed over the files.
        lake: Gigabytes of the lake thereafter; 0: nobody looked.
        failure: Why it did not end.
    """

    scenario: str
    step: str
    history: int
    events: int
    shards: int
    round: int
    seconds: float | None
    gigabytes: float
    bare: float
    lake: float = 0.0
    failure: str = ""

    @property
    def key(self) -> tuple[str, str, int, int]:
        """What several rounds have in common."""
        return self.scenario, self.step, self.history, self.shards


@dataclass(frozen=True)
class Sitting:
    """A start of the benchmark: when, and how busy the machine was just before."""

    at: str
    load: float

    @staticmethod
    def now() -> "Sitting":
        """Return the one that begins."""
        return Sitting(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", round(os.getloadavg()[0], 2))


@dataclass(frozen=True)
class Best:
    """The rounds of a measurement as one: least seconds, most memory."""

    rounds: tuple[Measurement, ...]

    @property
    def any(self) -> Measurement:
        """One of them, for what they have in common."""
        return self.rounds[0]

    @property
    def failure(self) -> str:
        """Why none ended."""
        return "" if self._ended else self.any.failure

    @property
    def seconds(self) -> float:
        """The least of those that ended; infinite if none did."""
        ended = (each.seconds for each in self.rounds if each.seconds is not None)
        return min(ended, default=float("inf"))

    @property
    def gigabytes(self) -> float:
        """The most."""
        return max(each.gigabytes for each in self.rounds)

    @property
    def bare(self) -> float:
        """The least seconds of the bare call."""
        return min(each.bare for each in self.rounds)

    @property
    def ratio(self) -> float:
        """Its seconds in those of the bare call."""
        return self.seconds / self.bare

    @property
    def _ended(self) -> list[Measurement]:
        return [each for each in self.rounds if each.seconds is not None]


@dataclass
class Kept:
    """What a folder keeps of a benchmark."""

    file: Path
    measurements: list[Measurement] = field(default_factory=list)
    sittings: list[Sitting] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)

    @staticmethod
    def of(file: Path) -> "Kept":
        """Return what a file holds; nothing, if there is none."""
        if not file.exists():
            return Kept(file)
        said = json.loads(file.read_text())
        return Kept(
            file,
            [Measurement(**each) for each in said["measurements"]],
            [Sitting(**each) for each in said["sittings"]],
            said["finished"],
        )

    def save(self) -> None:
        """Replace the file in one step."""
        said = {name: value for name, value in asdict(self).items() if name != "file"}
        beside = self.file.with_suffix(".new")
        beside.write_text(json.dumps(said, indent=1))
        beside.replace(self.file)

    def best(self) -> list[Best]:
        """Return everything measured, rounds together, in the order of their beginning."""
        order = {each.key: place for place, each in reversed(list(enumerate(self.measurements)))}
        ordered = sorted(self.measurements, key=lambda each: order[each.key])
        return [Best(tuple(rounds)) for _, rounds in groupby(ordered, key=lambda each: each.key)]

    def of_scenario(self, scenario: str) -> Iterator[Best]:
        """Yield what was measured of a scenario."""
        return (best for best in self.best() if best.any.scenario == scenario)

    def find(self, scenario: str, step: str, history: int = 1, shards: int = 0) -> Best | None:
        """Return one measurement; None while it is not made."""
        key = (scenario, step, history, shards)
        return next((best for best in self.best() if best.any.key == key), None)

    def find_all(self, scenario: str, steps: Sequence[str], history: int = 1) -> list[Best]:
        """Return several measurements; none while one of them is missing."""
        found = [self.find(scenario, step, history) for step in steps]
        whole = [each for each in found if each is not None]
        return whole if len(whole) == len(steps) else []
