"""`amazing dev` as a person starts and ends it."""

import os
import signal
import socket
import subprocess
from datetime import date
from pathlib import Path
from urllib.request import urlopen

import dagster as dg
import pytest

from amazing_assets.demo.world import WorldSettings, generate
from amazing_assets_tests.commands import amazing, command, environment
from amazing_assets_tests.daemon.platform import eventually
from amazing_assets_tests.instances import instance_of

A_MINUTE = 60
UNDER_WAY = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def processes_of(home):
    """Every process, whoever started it, that was told of this home."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "environ").read_bytes()
            has_ended = b"State:\tZ" in (process / "status").read_bytes()
        except OSError:
            continue
        if f"AMAZING_HOME={home}\0".encode() in told and not has_ended:
            found.append(int(process.name))
    return found


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_one_command_starts_all_and_its_end_leaves_no_process_behind(tmp_path, port):
    generate(tmp_path / "landing", WorldSettings(customers=600, months=(date(2019, 10, 1),)))
    at_once = {"AMAZING_SETTLE_SECONDS": "0", "AMAZING_SENSOR_SECONDS": "1"}
    with (tmp_path / "said").open("w") as said:
        dev = subprocess.Popen(
            command("dev", "--port", port),
            env=environment(tmp_path, **at_once),
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    spoken = tmp_path / "said"
    eventually(lambda: dev.poll() is not None or f"127.0.0.1:{port}" in spoken.read_text())
    assert dev.poll() is None, spoken.read_text()
    assert f"Reports http://127.0.0.1:{port + 1}" in spoken.read_text()
    with urlopen(f"http://127.0.0.1:{port + 1}/") as page:
        assert "There is no report yet" in page.read().decode()
    with instance_of(tmp_path / "dagster") as instance:
        # The sensor saw the file, the queue let its run go: the daemons work.
        eventually(lambda: instance.get_runs(UNDER_WAY))
        assert len(processes_of(tmp_path)) > 3
        # To the whole group, as a terminal does.
        os.killpg(dev.pid, signal.SIGINT)
        assert dev.wait(A_MINUTE) == 0, spoken.read_text()
        assert "Warning" not in spoken.read_text()
        assert "DEBUG" not in spoken.read_text()
        assert processes_of(tmp_path) == []
        # The run that was under way ended as well, and said so.
        assert instance.get_runs()
        assert not instance.get_runs(UNDER_WAY)


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_the_demo_is_opened_in_its_own_home_whatever_else_is_set(tmp_path, port):
    (tmp_path / "demo" / "landing").mkdir(parents=True)
    outside = {"AMAZING_LANDING": str(tmp_path / "real"), "AMAZING_LAKE": str(tmp_path / "lake")}
    spoken = tmp_path / "said"
    with spoken.open("w") as said:
        dev = subprocess.Popen(
            command("dev", "--demo", "--port", port),
            env=environment(tmp_path, **outside),
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    eventually(lambda: dev.poll() is not None or f"127.0.0.1:{port}" in spoken.read_text())
    assert dev.poll() is None, spoken.read_text()
    assert f"files land in {tmp_path}/demo/landing" in spoken.read_text()
    told = [
        Path("/proc", str(process), "environ").read_bytes().split(b"\0")
        for process in processes_of(tmp_path / "demo")
    ]
    assert len(told) > 1
    led_outside = [
        variable
        for variables in told
        for variable in variables
        if variable.startswith((b"AMAZING_LANDING", b"AMAZING_LAKE", b"AMAZING_PSEUDONYM_KEY"))
    ]
    os.killpg(dev.pid, signal.SIGINT)
    assert dev.wait(A_MINUTE) == 0, spoken.read_text()
    assert led_outside == []
    assert not (tmp_path / "dagster").exists()
    assert not (tmp_path / "real").exists()


def test_a_port_that_is_taken_is_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = amazing(tmp_path, "dev", "--port", taken.getsockname()[1])
    assert ran.returncode == 1
    assert "is taken; end what uses it, or give another with --port." in ran.stderr
