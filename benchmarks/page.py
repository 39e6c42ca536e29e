"""What was measured as a page: tables between the markers of README.md."""

import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from amazing_assets.errors import PlainError
from benchmarks.kept import Best, Kept, Sitting
from benchmarks.law import FAR, MOST_SHARDS, laws, projection
from benchmarks.targets import results

PAGE = Path(__file__).parent / "README.md"
LIBRARIES = ("amazing-assets", "polars", "duckdb", "pandas", "pyarrow", "dagster", "scikit-learn")


class PageError(PlainError):
    """The page cannot be written; the message says why."""


def write(section: str, text: str, page: Path = PAGE) -> None:
    """Replace what stands between the markers of a section.

    Raises:
        PageError: The page has no such markers.
    """
    begin, end = f"<!-- {section}: begin -->", f"<!-- {section}: end -->"
    before, is_begun, rest = page.read_text().partition(begin)
    _, is_ended, after = rest.partition(end)
    if not is_begun or not is_ended:
        raise PageError(f"{page.name} has no {begin} with its {end}; put them where it belongs.")
    page.write_text(f"{before}{begin}\n{text.strip()}\n{end}{after}")


def described(kept: Kept) -> str:
    """Return all tables of a benchmark."""
    parts = [machine(kept.sittings)]
    if found := results(kept):
        rows = [(each.check, each.measured, each.target, each.verdict) for each in found]
        parts += ["**Targets**", table(("", "measured", "target", ""), rows)]
    for scenario in dict.fromkeys(each.scenario for each in kept.measurements):
        measured = [_row(best) for best in kept.of_scenario(scenario)]
        heads = ("step", "month", "shards", "events", "seconds", "x bare", "GB")
        parts += [f"**{scenario}**", table(heads, measured)]
    return "\n\n".join([*parts, *_growth(kept)])


def machine(sittings: Sequence[Sitting]) -> str:
    """Return on what it was measured, and how busy that was."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    begun = "; ".join(f"{each.at} (load {each.load:g})" for each in sittings)
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GB, {platform.system()}, Python "
        f"{platform.python_version()}, {libraries}. Begun {begun}."
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows as Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(best: Best) -> Sequence[str]:
    one = best.any
    shards = str(one.shards) if one.shards else ""
    facts = (one.step, str(one.history), shards, f"{one.events:,}")
    if best.failure:
        return (*facts, best.failure, "", "")
    return (*facts, f"{best.seconds:.1f}", f"{best.ratio:.2f}", f"{best.gigabytes:.2f}")


def _growth(kept: Kept) -> list[str]:
    rows = [
        (law.step, f"{law.fixed:.1f}", f"{law.slope:.2f}", f"{law.exponent:.2f}")
        for law in laws(kept)
    ]
    if not rows:
        return []
    heads = ("step", "seconds of 1k events", "seconds a million more", "exponent")
    parts = ["**Growth with the events of a month**", table(heads, rows)]
    if far := projection(kept):
        parts.append(
            f"A projection, not a measurement: a month of {FAR:,} events would take "
            f"{far.hours:.0f} hours on this machine from landing to features, "
            f"{far.gigabytes:.1f} GB of memory with {MOST_SHARDS} shards and {far.lake:,.0f} GB of "
            f"lake; {far.machines:.0f} such machines would do it in a day. It assumes that seconds "
            f"go on along the line through the two largest sizes, that memory follows the events "
            f"of a shard, that shards spread evenly over machines, which nothing here does yet, "
            f"and that disks and networks keep up."
        )
    return parts


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
