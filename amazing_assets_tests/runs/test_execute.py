"""Runs in a process of their own, which knows its home from the start."""

import json
import subprocess
import sys

from amazing_assets_tests.builders import landed, line
from amazing_assets_tests.commands import environment

# Both report their first step at the same moment: each run is under way while the other is.
TWO_AT_ONCE = """
import json, threading
import dagster as dg
from amazing_assets.runs.execute import execute
from amazing_assets.runs.instance import open_instance
from amazing_assets.runs.plan import plan
from amazing_assets.settings import load_settings

told, both = {"2019-10": [], "2019-11": []}, threading.Barrier(2)

def run(month, instance):
    def report(step):
        told[month].append([step.name, step.month, step.is_over])
        if not step.is_over:
            both.wait(60)
    execute(plan([month], "key:raw_events"), instance, report)

with open_instance(load_settings()) as instance:
    runs = [threading.Thread(target=run, args=(month, instance)) for month in told]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
print(json.dumps(told))
"""


def test_two_at_once_tell_only_of_their_own_steps(tmp_path):
    landed(tmp_path / "landing", line())
    november = line(event_time="2019-11-01 00:00:00 UTC")
    landed(tmp_path / "landing", november, name="2019-Nov.csv")
    ran = subprocess.run(
        [sys.executable, "-c", TWO_AT_ONCE],
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
