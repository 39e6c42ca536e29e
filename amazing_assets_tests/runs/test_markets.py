"""`amazing dev` where there are several markets."""

import json
import os
import signal
import subprocess
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from amazing_assets.runs.markets import PORTS_APART
from amazing_assets_tests.commands import command, environment
from amazing_assets_tests.daemon.platform import eventually
from amazing_assets_tests.places import free_ports
from amazing_assets_tests.runs.test_dev import A_MINUTE, processes_of


def locations(port):
    """The code locations that the web UI shows."""
    query = {"query": "{workspaceOrError {... on Workspace {locationEntries {name}}}}"}
    asked = Request(
        f"http://127.0.0.1:{port}/graphql",
        json.dumps(query).encode(),
        {"Content-Type": "application/json"},
    )
    with urlopen(asked) as answer:  # noqa: S310  as above
        found = json.load(answer)["data"]["workspaceOrError"]["locationEntries"]
    return [each["name"] for each in found]


@pytest.mark.evaluate
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_every_market_is_served_from_a_home_of_its_own_and_all_end_together(tmp_path):
    (port,) = free_ports(1)
    spoken = tmp_path / "said"
    with spoken.open("w") as said:
        dev = subprocess.Popen(
            command("dev", "--port", port),
            env=environment(tmp_path, AMAZING_MARKETS="US,DE"),
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    for market, its in (("US", port), ("DE", port + PORTS_APART)):
        eventually(lambda: dev.poll() is not None or f"127.0.0.1:{its} " in spoken.read_text())  # noqa: B023  called at once
        assert dev.poll() is None, spoken.read_text()
        assert locations(its) == [market]
        assert f"files land in {tmp_path / market / 'landing'}" in spoken.read_text()
    assert not (tmp_path / "dagster").exists()
    os.kill(dev.pid, signal.SIGINT)
    assert dev.wait(2 * A_MINUTE) == 0, spoken.read_text()
    assert processes_of(tmp_path) == []
