"""A real MLflow server: figures in PostgreSQL and files in a bucket, or both in a folder."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection

from amazing_assets_tests.places import free_ports

PATIENCE = 180


class ModelServer:
    """A server of models that can be stopped, and started again with all that it holds."""

    def __init__(self, folder, store, artifacts, **more):
        self.folder, self.store, self.artifacts, self.more = folder, store, artifacts, more
        (self.port,) = free_ports(1)
        self.process = None

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        stores = (
            *("--backend-store-uri", self.store),
            *("--artifacts-destination", self.artifacts),
        )
        # As deploy/compose.yaml has it: without jobs it is three processes, not ten.
        own = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", **self.more}
        where = ("--host", "127.0.0.1", "--port", str(self.port), "--workers", "1")
        with (self.folder / "mlflow.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mlflow", "server", *where, *stores],
                env=os.environ | own,  # noqa: TID251  what leads to S3
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self):
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.process.poll() is None, (self.folder / "mlflow.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.2)

    def answers(self):
        try:
            server = HTTPConnection("127.0.0.1", self.port, timeout=5)
            server.request("GET", "/health")
            return server.getresponse().status == 200
        except OSError:
            return False
        finally:
            server.close()

    def stop(self):
        """Kill it with the processes that it started, as a power cut does."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE)


@contextmanager
def model_server(folder, database, s3, artifacts):
    """A server for as long as it is needed; it answers in the block.

    Args:
        folder: Of its log.
        database: Of its own.
        s3: The S3 server.
        artifacts: Address in a bucket of it.
    """
    store = f"postgresql+psycopg2://{database.place}"
    server = ModelServer(folder, store, artifacts, MLFLOW_S3_ENDPOINT_URL=s3.address)
    with running(server):
        yield server


@contextmanager
def model_server_of_files(folder):
    """A server that keeps everything in a folder, for as long as it is needed."""
    server = ModelServer(folder, f"sqlite:///{folder}/mlflow.db", str(folder / "artifacts"))
    with running(server):
        yield server


@contextmanager
def running(server):
    """Have a server answer in the block."""
    server.start()
    try:
        server.wait()
        yield
    finally:
        server.stop()
