"""The platform as a person has it: web UI and daemon, a home of its own, a browser in front."""

import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from amazing_assets_tests.commands import environment
from amazing_assets_tests.daemon.platform import IMPATIENT

REPOSITORY = Path(__file__).parents[2]
LOCATION = ("-m", "amazing_assets.definitions", "-d", str(REPOSITORY))

# Everything that Debian's chromium would do besides showing pages.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
PATIENCE = 300  # seconds; two cores may be shared with everything else that is tested


def chromium():
    """Return the path of a browser; None if there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def running(home, **variables):
    """Run web UI and daemon in a home; yield the address of the UI."""
    variables |= {"DAGSTER_HOME": str(home / "dagster")}
    (home / "dagster").mkdir(exist_ok=True)
    shutil.copy(REPOSITORY / "dagster.yaml", home / "dagster")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    web = ("dagster_webserver", "--host", "127.0.0.1", "--port", str(port))
    with ExitStack() as stack:
        for program in (web, (IMPATIENT, "run")):
            stack.enter_context(_process(home, program, variables))
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/server_info", home)
        yield url


@contextmanager
def _process(home, program, variables):
    name, *arguments = program
    with (home / f"{name}.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", name, *arguments, *LOCATION],
            env=environment(home, **variables),
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def _wait_for(address, home):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310  our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError((home / "dagster_webserver.log").read_text())


@contextmanager
def browsing(width=1600, height=1000):
    """Open a browser; yield a page and the list of errors that it reports."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        page = browser.new_context(viewport={"width": width, "height": height}).new_page()
        page.set_default_timeout(PATIENCE * 1000)
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: said.type == "error" and errors.append(said.text))
        yield page, errors
        browser.close()


def graph_address(url, groups):
    """Return the address of the asset graph with groups unfolded."""
    return f"{url}/asset-groups?expanded={','.join(f'global@global:{name}' for name in groups)}"
