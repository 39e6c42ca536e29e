"""The whole stack of deploy/compose.yaml, every server a real one on this machine."""

import socket
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from uuid import uuid4

import yaml

from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.locations import BucketPath
from amazing_assets.places import Server
from amazing_assets.warehouse.server import ServerWarehouse
from amazing_assets_tests.clusters import Cluster, cluster
from amazing_assets_tests.daemon.platform import (
    PATIENCE,
    REPOSITORY,
    Platform,
    eventually,
)
from amazing_assets_tests.databases import Database
from amazing_assets_tests.model_servers import ModelServer, model_server
from amazing_assets_tests.places import BUCKET, BucketPlace, free_ports, leading_to


@dataclass
class Stack:
    """Servers that run: S3, PostgreSQL with two databases, MLflow, a scheduler and two workers."""

    place: BucketPlace
    warehouse: Database
    dagster: Database
    models: ModelServer
    cluster: Cluster

    @property
    def variables(self):
        """What a process is to know of the stack."""
        return {
            "AMAZING_LANDING": self.place.root,
            "AMAZING_LAKE": f"{self.place.root}-lake",
            "AMAZING_LISTS": f"{self.place.root}-lists",
            "AMAZING_WAREHOUSE": self.warehouse.address,
            "AMAZING_CLUSTER": self.cluster.address,
            "MLFLOW_TRACKING_URI": self.models.address,
        }

    @property
    def lake(self):
        return Lake(BucketPath.of(self.variables["AMAZING_LAKE"]), None, LocalEngine())

    @property
    def tables(self):
        return ServerWarehouse(Server(self.warehouse.address), None)

    def keys(self, suffix):
        """The keys of all objects below one of the places of the stack."""
        pages = self.place.server.client.get_paginator("list_objects_v2").paginate(
            Bucket=BUCKET, Prefix=f"{self.place.prefix}{suffix}"
        )
        return [each["Key"] for page in pages for each in page.get("Contents", ())]


def in_order(frame):
    """Rows in an order that no run leaves to chance; floats are no key."""
    exact = [name for name, dtype in frame.schema.items() if not dtype.is_float()]
    plain = [name for name in exact if not frame.schema[name].is_nested()]
    return frame.sort(plain, nulls_last=True)


@contextmanager
def stack(folder, s3, postgres):
    """All servers for as long as they are needed, and an environment that leads to S3."""
    place, name = BucketPlace(s3, uuid4().hex), uuid4().hex
    warehouse, dagster, mlflow = (
        postgres.another(f"{each}-{name}") for each in ("warehouse", "dagster", "mlflow")
    )
    (folder / "cluster").mkdir()
    with ExitStack() as running:
        running.enter_context(leading_to(s3))
        workers = running.enter_context(cluster(folder / "cluster"))
        models = running.enter_context(
            model_server(folder, mlflow, s3, f"s3://{BUCKET}/{place.prefix}-models")
        )
        yield Stack(place, warehouse, dagster, models, workers)


@dataclass
class DeployedPlatform(Platform):
    """The platform as compose runs it: code server, daemon and web server apart."""

    stack: Stack | None = None
    code: str = "amazing_assets.definitions"

    def __post_init__(self):
        (self.code_port,) = free_ports(1)
        super().__post_init__()

    @property
    def variables(self):
        # Sensors that look every second leave a busy machine no time for runs.
        return super().variables | self.stack.variables | {"AMAZING_SENSOR_SECONDS": "10"}

    def workspace_of(self):
        configured = yaml.safe_load((REPOSITORY / "deploy/workspace.yaml").read_text())
        (location,) = configured["load_from"]
        location["grpc_server"] |= {"host": "127.0.0.1", "port": self.code_port}
        return configured

    def instance_of(self):
        """The instance of compose, with the addresses of this stack."""
        configured = yaml.safe_load((REPOSITORY / "deploy/compose.dagster.yaml").read_text())
        configured["storage"]["postgres"] = {
            "postgres_url": f"postgresql+psycopg2://{self.stack.dagster.place}"
        }
        configured["local_artifact_storage"]["config"] = {"base_dir": str(self.folder / "runs")}
        configured["compute_logs"]["config"] |= {
            "bucket": BUCKET,
            "endpoint_url": self.stack.place.server.address,
            "region": "us-east-1",
            "prefix": f"{self.stack.place.prefix}-logs",
        }
        return configured

    def start_daemon(self):
        if "dagster" not in self.processes:
            self.start_code_server()
        super().start_daemon()

    def start_code_server(self):
        served = ("-h", "127.0.0.1", "-p", str(self.code_port), "-m", self.code)
        named = ("--location-name", "amazing_assets")
        program = [sys.executable, "-m", "dagster", "api", "grpc", *served, *named]
        self.start_program("dagster", program)
        # As compose has it: daemon and web server start once it answers.
        eventually(self.has_loaded_code)

    def deploy(self, code):
        """Replace the programs by those of another version, as an update of their image does."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(PATIENCE)
        self.processes, self.code = {}, code
        self.start_daemon()
        self.start_web_server()
        eventually(self.serves)

    def has_loaded_code(self):
        with socket.socket() as asking:
            return asking.connect_ex(("127.0.0.1", self.code_port)) == 0
