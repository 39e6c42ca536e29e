"""A month from landing to features, step by step, and beside those who make the seed's 24 columns.

Minutes on two cores, in a folder that is gone thereafter.

    python -m benchmarks.month [--events 1000000] [--rounds 2] [--write]
"""

import argparse
import sys
import tempfile
from pathlib import Path

from amazing_assets.errors import PlainError
from benchmarks.bench import benchmark, say
from benchmarks.page import described, write
from benchmarks.scenarios import Size, month, peers

SECTION = "month"

# Landing files and lakes of two months, twice, and what DuckDB spills; homes take some whatever
# their size.
BYTES_AN_EVENT, LEAST_BYTES = 600, 1_000_000_000


def main() -> None:
    """Measure, print, and write the page if asked."""
    asked = arguments().parse_args()
    size = Size(asked.events, asked.rounds)
    most = LEAST_BYTES + asked.events * BYTES_AN_EVENT
    with tempfile.TemporaryDirectory() as folder, benchmark(Path(folder), most) as bench:
        bench.scenario("a month", month(size))
        bench.scenario("a month and a next", peers(size))
        text = described(bench.kept)
    say(text)
    if asked.write:
        write(SECTION, text)


def arguments() -> argparse.ArgumentParser:
    """Return what may be asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--events", type=int, default=1_000_000, help="of each month")
    parser.add_argument("--rounds", type=int, default=2, help="the best seconds of so many")
    parser.add_argument("--write", action="store_true", help="into benchmarks/README.md")
    return parser


if __name__ == "__main__":
    try:
        main()
    except PlainError as error:
        sys.exit(str(error))
