"""Everything at full size: hours. What is finished is kept, so it goes on where it was stopped.

1, 5, 20 and 65 million events; shards; peers; seven months of as many rows as were published, an
eighth, and the seven in one backfill. The folder holds what goes on and `measured.json`.

    python -m benchmarks.full [--folder FOLDER] [--share 1.0] [--only 1k 20M] [--write]
"""

import argparse
import sys
from pathlib import Path

from amazing_assets.errors import PlainError, UsageError
from amazing_assets.settings import load_settings
from benchmarks.bench import benchmark, say
from benchmarks.law import NOTHING, SHARDED
from benchmarks.page import described, write
from benchmarks.plot import PLOT, draw
from benchmarks.scenarios import Scenario, Size, month, peers, seven_months, shards
from benchmarks.targets import BESIDE_PEERS, SEVEN

SECTION = "full"

# Of the disk. Seven months with their lake take some 40 GB, and two lakes never lie side by side.
MOST_BYTES, LEAST_BYTES = 60_000_000_000, 2_000_000_000

SHARE_FILE = "share"


def scenarios(share: float) -> dict[str, Scenario]:
    """Return what is measured, smallest first; with a share below 1, of files that much smaller."""

    def size(millions: float, rounds: int = 1) -> Size:
        return Size(max(1_000, round(millions * 1_000_000 * share)), rounds)

    return {
        NOTHING: month(Size(1_000, 3)),
        "1M": month(size(1, 3)),
        "5M": month(size(5, 3)),
        BESIDE_PEERS: peers(size(9.6, 2)),
        "20M": month(size(20)),
        SHARDED: shards(size(20)),
        "65M": month(size(65)),
        SEVEN: seven_months(share),
    }


def main() -> None:
    """Measure what is not finished, print, and write the page if asked."""
    asked = arguments().parse_args()
    if asked.write and asked.share != 1:
        raise UsageError("A page of a smaller share would mislead; leave out --write or --share.")
    folder = asked.folder or load_settings().home / "bench"
    insist_on_share(folder, asked.share)
    most = max(LEAST_BYTES, round(MOST_BYTES * asked.share))
    with benchmark(folder, most) as bench:
        for name, measured in scenarios(asked.share).items():
            if not asked.only or name in asked.only:
                bench.scenario(name, measured)
        text = described(bench.kept)
        if asked.share != 1:
            say(f"A try: every size is {asked.share:g} of what its name says.")
        say(text)
        if asked.write:
            PLOT.write_text(draw(bench.kept))
            write(SECTION, f"![Seconds by events and by months]({PLOT.name})\n\n{text}")


def insist_on_share(folder: Path, share: float) -> None:
    """Keep a folder to one share: measurements of two do not go together.

    Raises:
        UsageError: It has another one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / SHARE_FILE
    known = file.read_text() if file.exists() else ""
    if known and float(known) != share:
        raise UsageError(
            f"{folder} holds a benchmark of --share {known}; give that, or another --folder."
        )
    file.write_text(str(share))


def arguments() -> argparse.ArgumentParser:
    """Return what may be asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--folder", type=Path, help="default: bench, in the home")
    parser.add_argument("--share", type=float, default=1.0, help="of every size, for a try")
    parser.add_argument(
        "--only", nargs="+", choices=[*scenarios(1)], metavar="SIZE", help="of what is measured"
    )
    parser.add_argument("--write", action="store_true", help="into benchmarks/README.md")
    return parser


if __name__ == "__main__":
    try:
        main()
    except PlainError as error:
        sys.exit(str(error))
