"""A real MLflow server, with its figures in PostgreSQL and its files in a bucket."""

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

    def __init__(self, folder, database, s3, artifacts):
        self.folder, self.database, self.s3, self.artifacts = folder, database, s3, artifacts
        (self.port,) = free_ports(1)
        self.process = None

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        stores = (
            *("--backend-store-uri", f"postgresql+psycopg2://{self.database.place}"),
            *("--artifacts-destination", self.artifacts),
        )
        # As deploy/compose.yaml has it: without jobs it is three processes, not ten.
        own = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_S3_ENDPOINT_URL": self.s3}
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
    server = ModelServer(folder, database, s3.address, artifacts)
    server.start()
    try:
        server.wait()
        yield server
    finally:
        server.stop()
