"""Several markets served at once: of each its own instance of Dagster, with a web UI of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from amazing_assets.runs.instance import RunFailedError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

# Of the web UI of one market and that of the next: the reports take the port between.
PORTS_APART = 10


def serve_markets(markets: Sequence[str], port: int) -> None:
    """Run `amazing dev` for every market until it is interrupted, or one of them ends.

    Two markets on one instance would be one: an event log knows assets by their names alone.

    Args:
        markets: Their names.
        port: Of the web UI of the first.

    Raises:
        RunFailedError: One ended by itself; the others are ended as well.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    running = {
        market: subprocess.Popen(_command(market, port + number * PORTS_APART))  # noqa: S603  our own
        for number, market in enumerate(markets)
    }
    ended = None
    try:
        while ended is None:
            time.sleep(0.5)
            ended = next((name for name, each in running.items() if each.poll() is not None), None)
    except KeyboardInterrupt:
        return
    finally:
        _end(running.values())
    raise RunFailedError(f"The web UI of {ended} ended by itself; see what it said above.")


def _command(market: str, port: int) -> list[str]:
    called = [sys.executable, "-m", "amazing_assets"]
    return [*called, "--market", market, "dev", "--port", str(port)]


def _end(processes: Collection[subprocess.Popen[bytes]]) -> None:
    # A second Ctrl-C would leave half of them behind.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for process in processes:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
    for process in processes:
        process.wait()
