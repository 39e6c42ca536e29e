"""The web UI, the daemon and the sensors as one program, of which nothing is left when it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from typing import IO

from amazing_assets.markets import MAIN_MARKET
from amazing_assets.runs.instance import RunFailedError, prepare_home
from amazing_assets.runs.reports import reports_served
from amazing_assets.runs.terminal import shown
from amazing_assets.settings import DEFAULT_REPORTS_URL, Settings, set_for_children

HOST = "127.0.0.1"
_WORKSPACE = Path(__file__).parents[2] / "workspace.yaml"

# Runs under way get so long to end by themselves; Dagster's own services take a few seconds.
_FAREWELL_SECONDS = 30

# Whoever holds the end of a pipe open after all of Dagster was ended is not waited for.
_LAST_WORDS_SECONDS = 2


def serve(settings: Settings, port: int, ready: Callable[[str, str | None], None]) -> None:
    """Run everything until it is interrupted.

    Args:
        settings: Whose home is served.
        port: Of the web UI, on this machine only: it has no login.
        ready: Is told the address once the page can be opened, and that of the reports; None: the
            port after that of the web UI is taken.

    Raises:
        RunFailedError: The port is taken, or Dagster ended by itself.
    """
    _refuse_taken(port)
    prepare_home(settings)
    if not settings.landing.startswith("s3://"):
        Path(settings.landing).mkdir(parents=True, exist_ok=True)
    workspace = workspace_of(settings)
    web_ui, reports = f"http://{HOST}:{port}", port + 1
    if settings.reports_url == DEFAULT_REPORTS_URL:
        # Pages that runs make from now on lead to where the reports are.
        set_for_children(AMAZING_REPORTS_URL=f"http://{HOST}:{reports}")
    with (
        suppress(KeyboardInterrupt),
        reports_served(settings.reports, HOST, reports, web_ui) as is_served,
        _dagster(port, workspace) as dagster,
    ):
        while dagster.poll() is None and not _answers(port):
            time.sleep(0.5)
        if dagster.poll() is None:
            ready(web_ui, f"http://{HOST}:{reports}" if is_served else None)
        # Polled: while `wait` waits, an interrupt goes unheard once Polars was imported, whose own
        # handler makes the system call start again.
        while dagster.poll() is None:
            time.sleep(0.5)
        raise RunFailedError(
            f"Dagster ended with status {dagster.returncode}; see what it said above."
        )


def workspace_of(settings: Settings) -> Path:
    """Return the file that names the code location: one of several markets is called by its name.

    The folder of Dagster's own home must be there.
    """
    if settings.market == MAIN_MARKET:
        return _WORKSPACE
    file = settings.dagster_home / "workspace.yaml"
    module = {"module_name": "amazing_assets.definitions", "location_name": settings.market}
    # What is JSON is YAML as well.
    file.write_text(json.dumps({"load_from": [{"python_module": module}]}))
    return file


@contextmanager
def _dagster(port: int, workspace: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start Dagster in a process group of its own, and end the whole group."""
    arguments = ["dev", "-w", str(workspace), "-h", HOST, "-p", str(port)]
    quietly = ["--log-level", "error", "--code-server-log-level", "warning"]
    # Of both: a script that starts it in the background has it ignore Ctrl-C, and Dagster with it.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, _interrupt)
    dagster = subprocess.Popen(  # noqa: S603  our own arguments
        [sys.executable, "-W", "ignore", "-m", "dagster", *arguments, *quietly],
        start_new_session=True,
        stderr=subprocess.PIPE,
    )
    heard = Thread(target=_tell, args=(dagster.stderr,), name="terminal", daemon=True)
    heard.start()
    try:
        yield dagster
    finally:
        # A second Ctrl-C would leave half of it behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with suppress(ProcessLookupError, subprocess.TimeoutExpired):
            # Dagster takes it for a Ctrl-C, its small watchers end without a traceback.
            os.killpg(dagster.pid, signal.SIGTERM)
            dagster.wait(_FAREWELL_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(dagster.pid, signal.SIGKILL)
        dagster.wait()
        heard.join(_LAST_WORDS_SECONDS)


def _tell(log: IO[bytes]) -> None:
    """Show what a person should see of Dagster's log."""
    lines = (line.decode(errors="replace") for line in log)
    for line in shown(lines):
        # Ours: the descriptor of libraries is not shown.
        sys.stderr.write(line)
        sys.stderr.flush()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _refuse_taken(port: int) -> None:
    with socket.socket() as wanted:
        # As servers do: a port whose last user has just ended is free.
        wanted.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            wanted.bind((HOST, port))
        except OSError:
            raise RunFailedError(
                f"Port {port} is taken; end what uses it, or give another with --port."
            ) from None


def _answers(port: int) -> bool:
    server = HTTPConnection(HOST, port, timeout=5)
    try:
        server.request("GET", "/server_info")
        return server.getresponse().status == 200  # noqa: PLR2004  it is said in the protocol
    except (OSError, HTTPException):
        return False
    finally:
        server.close()
