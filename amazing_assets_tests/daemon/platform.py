"""The platform as it runs at home: a daemon, its code server, a web server, a landing folder."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import dagster as dg
import yaml
from dagster._core.execution.backfill import BulkActionsFilter, BulkActionStatus

from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets_tests.commands import environment
from amazing_assets_tests.instances import instance_of
from amazing_assets_tests.places import FolderPlace, Place

REPOSITORY = Path(__file__).parents[2]
NIGHTLESS = "amazing_assets_tests.daemon.nightless"
IMPATIENT = "amazing_assets_tests.daemon.impatient"
SENSORS = ("landing_files", "automation")
SHARDS = 2

# Files that have landed lie there: nothing happens but what is asked for.
NEVER = 10**6

# Longer than the daemon's pause, so that it sees a file that grows.
SETTLE_SECONDS = 3

# Far more than anything takes here: the machine may be busy with something else.
PATIENCE = 900

UNFINISHED = [
    dg.DagsterRunStatus[name]
    for name in ("QUEUED", "NOT_STARTED", "STARTING", "STARTED", "CANCELING")
]

LAUNCH = """
mutation ($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
  }
}
"""


def eventually(claim, seconds=PATIENCE):
    """Wait until a claim holds, and return what it returned."""
    deadline = time.monotonic() + seconds
    while not (found := claim()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {claim.__qualname__}"
        time.sleep(0.2)
    return found


@dataclass
class Platform:
    """A home in which Dagster runs for real; everything in it is started and ended by us."""

    folder: Path
    place: Place | None = None
    module: str = NIGHTLESS
    settle_seconds: int = SETTLE_SECONDS
    first_month: str = "2019-10"
    daemon: str = IMPATIENT

    def __post_init__(self):
        self.place = self.place or FolderPlace(str(self.folder / "landing"))
        self.place.make()
        self.lake = Lake(self.folder / "lake", SHARDS, LocalEngine())
        self.warehouse = self.folder / "warehouse.duckdb"
        self.workspace = self.folder / "workspace.yaml"
        self.workspace.write_text(yaml.safe_dump(self.workspace_of()))
        home = self.folder / "dagster"
        home.mkdir(exist_ok=True)
        (home / "dagster.yaml").write_text(yaml.safe_dump(self.instance_of()))
        self.instance = instance_of(home)
        self.processes, self.counted = {}, set()

    def __enter__(self):
        """Run daemon and web server until the end of the block."""
        try:
            self.start_daemon()
            self.start_web_server()
            eventually(self.serves)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def variables(self):
        """What every process of the platform is to know."""
        return {
            "DAGSTER_HOME": str(self.folder / "dagster"),
            "AMAZING_LANDING": self.place.root,
            "AMAZING_SHARDS": str(SHARDS),
            "AMAZING_SETTLE_SECONDS": str(self.settle_seconds),
            "AMAZING_SENSOR_SECONDS": "1",
            "AMAZING_FIRST_MONTH": self.first_month,
        }

    def workspace_of(self):
        """What is written into workspace.yaml: where the code is."""
        location = {
            "module_name": self.module,
            "working_directory": str(REPOSITORY),
            "location_name": "amazing_assets",
        }
        return {"load_from": [{"python_module": location}]}

    def instance_of(self):
        """What is written into dagster.yaml: the instance at home, in a hurry."""
        return in_a_hurry(yaml.safe_load((REPOSITORY / "dagster.yaml").read_text()))

    def start(self, module, *arguments):
        """Start a program of Dagster's that reads the workspace."""
        command = [sys.executable, "-m", module, *arguments, "-w", str(self.workspace)]
        self.start_program(module, command)

    def start_program(self, name, command):
        """Start a program in a process group of its own."""
        with (self.folder / f"{name}.log").open("a") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=REPOSITORY,
                env=environment(self.folder, **self.variables),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_daemon(self):
        self.start(self.daemon, "run")

    def start_web_server(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start("dagster_webserver", "-h", "127.0.0.1", "-p", str(self.port))

    def kill_daemon(self):
        """SIGKILL it with its code server and runs, as a power cut does."""
        process = self.processes.pop(self.daemon)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)

    def stop(self):
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            process.wait(PATIENCE)
        self.instance.dispose()

    def ask(self, query, **variables):
        """Ask the web server what its page asks."""
        body = json.dumps({"query": query, "variables": variables})
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as server:
            server.request("POST", "/graphql", body, {"Content-Type": "application/json"})
            answer = json.load(server.getresponse())
        assert not answer.get("errors"), answer
        return answer["data"]

    def serves(self):
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as server:
                server.request("GET", "/server_info")
                return server.getresponse().status == 200
        except OSError:
            return False

    def backfill(self, assets, months):
        """Launch a backfill as the page does; its id."""
        params = {
            "assetSelection": [{"path": [asset]} for asset in assets],
            "partitionNames": list(months),
        }
        launched = self.ask(LAUNCH, params=params)["launchPartitionBackfill"]
        assert launched["__typename"] == "LaunchBackfillSuccess", launched
        return launched["backfillId"]

    def sensors(self):
        states = self.instance.all_instigator_state()
        return {s.instigator_name: s.instigator_data for s in states if s.instigator_data}

    def waiting(self):
        """The months that the landing sensor waits for, by the state it knows them in."""
        known = self.sensors().get("landing_files")
        cursor = json.loads(known.cursor or "{}") if known else {}
        return {month: signature for month, (signature, _) in cursor.get("waiting", {}).items()}

    def is_idle(self):
        going = BulkActionsFilter(statuses=[BulkActionStatus.REQUESTED])
        under_way = dg.RunsFilter(statuses=UNFINISHED)
        return not (
            self.instance.get_runs_count(under_way)
            or self.instance.get_backfills(filters=going)
            or (self.waiting() and self.settle_seconds < PATIENCE)
        )

    def settle(self, seconds=PATIENCE):
        """Wait until nothing is under way, and every sensor has seen that and left it so."""
        looks, seen = dict.fromkeys(SENSORS, 0), {}

        def all_is_quiet():
            states = self.sensors()
            for name in SENSORS:
                looked = getattr(states.get(name), "last_tick_timestamp", None)
                looks[name] += looked not in {None, seen.get(name)}
                seen[name] = looked
            if not self.is_idle():
                looks.update(dict.fromkeys(SENSORS, 0))
            # A look that was counted first may have begun before all was quiet.
            return min(looks.values()) > 2

        eventually(all_is_quiet, seconds)

    def new_runs(self):
        """What was made since the last question: how often each job or asset, month and end."""
        runs = [run for run in self.instance.get_runs() if run.run_id not in self.counted]
        self.counted |= {run.run_id for run in runs}
        return Counter(
            (made, run.tags.get("dagster/partition"), run.status.value)
            for run in runs
            for made in made_by(run)
        )


def in_a_hurry(configured):
    """An instance that looks after lost runs at once, not within a minute or two."""
    configured["run_monitoring"] |= {
        "poll_interval_seconds": 2,
        "free_slots_after_run_end_seconds": 2,
    }
    return configured


def made_by(run):
    if run.job_name == "month_job":
        return [run.job_name]
    return [key.to_user_string() for key in run.asset_selection or ()]


def process_of(instance, run_id):
    """The number of a run's process, once it has said it."""
    events = instance.all_logs(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
    told = [event.get_dagster_event().engine_event_data.metadata for event in events]
    return next((int(data["pid"].value) for data in told if "pid" in data), None)
