"""Runs in a process of their own, which knows its home from the start."""

import json
import subprocess
import sys

from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.commands import environment

# November is run while October tells of its first step: one is under way within the other.
ONE_WITHIN_ANOTHER = """
import json
from amazing_assets.runs.execute import execute
from amazing_assets.runs.instance import open_instance
from amazing_assets.runs.plan import plan
from amazing_assets.settings import load_settings

told = {"2019-10": [], "2019-11": []}

def run(month, meanwhile):
    def report(step):
        told[month].append([step.name, step.month, step.is_over])
        if not step.is_over:
            meanwhile()
    execute(plan([month], "key:raw_events"), instance, report)

with open_instance(load_settings()) as instance:
    run("2019-10", lambda: run("2019-11", lambda: None))
print(json.dumps(told))
"""


def test_each_call_tells_of_its_own_steps(tmp_path):
    landed(tmp_path / "landing", line())
    november = line(event_time="2019-11-01 00:00:00 UTC")
    landed(tmp_path / "landing", november, name="2019-Nov.csv")
    ran = subprocess.run(
        [sys.executable, "-c", ONE_WITHIN_ANOTHER],
        env=environment(tmp_path, AMAZING_SHARDS="2"),
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {
        month: [["landed_events", month, False], ["landed_events", month, True]]
        for month in ("2019-10", "2019-11")
    }


STOPPED = """
import os, signal
from amazing_assets.errors import is_stop
from amazing_assets.runs.execute import execute
from amazing_assets.runs.instance import open_instance
from amazing_assets.runs.plan import plan
from amazing_assets.settings import load_settings

with open_instance(load_settings()) as instance:
    try:
        # Ctrl-C while the first step is under way.
        stop = lambda step: os.kill(os.getpid(), signal.SIGINT)
        execute(plan(["2019-10"], "key:raw_events"), instance, stop)
    except BaseException as error:
        print(is_stop(error), *(run.status.value for run in instance.get_runs()))
"""


def test_a_run_that_a_person_stops_is_canceled_and_not_failed(tmp_path):
    landed(tmp_path / "landing", line())
    ran = subprocess.run(
        [sys.executable, "-c", STOPPED],
        env=environment(tmp_path, AMAZING_SHARDS="2"),
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert ran.stdout == "True CANCELED\n", ran.stderr
