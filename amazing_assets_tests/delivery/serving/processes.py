"""`amazing serve` as a process of its own, which can be killed."""

import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx

from amazing_assets.pseudonym import read_key
from amazing_assets_tests.commands import amazing, command, environment


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def new_key(home):
    """A key for customers of a home and what is known of them."""
    made = amazing(home, "api-key", "a shop", "--scope", "classify", "--scope", "customers")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


class Process:
    """`amazing serve` in a home, and a client of it that brings a key."""

    def __init__(self, home, api_key=None, port=None):
        self.key = read_key(home / "pseudonym.key")
        api_key, port = api_key or new_key(home), port or free_port()
        # To a file: a pipe that nobody empties would stop the service.
        self.log = Path(home) / f"{time.time_ns()}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command("serve", "--port", port),
                env=environment(home, AMAZING_PSEUDONYM_KEY=self.key),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)
        self.client.headers["X-API-Key"] = api_key

    def wait(self):
        begun = time.monotonic()
        while True:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() - begun < 120
            try:
                if self.client.get("/ready").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)

    @property
    def megabytes(self):
        """What it holds in memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1024

    def end(self, how=signal.SIGTERM):
        """Have it end, and return what it logged."""
        self.client.close()
        self.process.send_signal(how)
        self.process.wait(timeout=60)
        said = self.log.read_bytes()
        self.log.unlink()
        return said
