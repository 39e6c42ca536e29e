"""Places where files land, for real: a folder, and a prefix of a bucket on a real S3 server."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from amazing_assets.defs.resources.stores import LandingResource
from amazing_assets.s3_client import s3_client
from amazing_assets_tests.builders import content

ACCESS_KEY, SECRET_KEY = "lab", "a-secret-of-the-lab"
BUCKET = "landing"
PATIENCE = 60

# Everything that the server listens to; each has another port for its own kind of calls.
PARTS = ("s3", "filer", "volume", "master", "admin")


class Place:
    """A landing zone, known by its address alone, as the settings know it."""

    root: Any

    def write(self, name, text):
        """Let bytes land under a name."""
        raise NotImplementedError

    def make(self):
        """See to it that files can land."""

    def resource(self):
        return LandingResource(root=self.root, key_file="never.key")

    def zone(self):
        return self.resource().open()

    def deliver(self, *lines, name="2019-Oct.csv", **how):
        self.write(name, content(*lines, **how))


@dataclass(frozen=True)
class FolderPlace(Place):
    root: str

    def make(self):
        Path(self.root).mkdir(parents=True, exist_ok=True)

    def write(self, name, text):
        file = Path(self.root, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)

    def fill(self, names):
        for name in names:
            Path(self.root, name).touch()

    def remove(self, name):
        Path(self.root, name).unlink()


@dataclass(frozen=True)
class BucketPlace(Place):
    server: "Server"
    prefix: str

    @property
    def root(self):
        return f"s3://{BUCKET}/{self.prefix}"

    def another(self):
        return BucketPlace(self.server, uuid4().hex)

    def object(self, name):
        return {"Bucket": BUCKET, "Key": f"{self.prefix}/{name}"}

    def write(self, name, text):
        self.server.client.put_object(**self.object(name), Body=text)

    def fill(self, names):
        """Make many files of one byte: past S3, for 5,000 signed requests take 11 s, these 4."""
        filer = HTTPConnection(self.server.filer)
        for name in names:
            filer.request("PUT", f"/buckets/{BUCKET}/{self.prefix}/{name}?saveInside=true", b"x")
            filer.getresponse().read()
        filer.close()

    def remove(self, name):
        self.server.client.delete_object(**self.object(name))


@dataclass(frozen=True)
class Server:
    """A running S3 server, and the store behind it."""

    s3: str
    filer: str

    @property
    def address(self):
        return f"http://{self.s3}"

    @cached_property
    def client(self):
        return s3_client(
            endpoint_url=self.address,
            region_name="us-east-1",
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
        )

    @property
    def variables(self):
        """The whole of what a process is to know of S3, whatever this machine is set to."""
        return {
            "AWS_ENDPOINT_URL_S3": self.address,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


@contextmanager
def leading_to(server):
    """An environment that leads to a server and nowhere else."""
    inherited = list(os.environ)  # noqa: TID251  what is set is taken away
    with pytest.MonkeyPatch.context() as patch:
        # With the machine's own credentials a test would pass for the wrong reason.
        for name in (name for name in inherited if name.startswith("AWS_")):
            patch.delenv(name)
        for name, value in server.variables.items():
            patch.setenv(name, value)
        yield


def program():
    """The server's program, which the extra `dev` installs; None where it is not."""
    beside = Path(sys.executable).with_name("weed")
    return str(beside) if beside.exists() else shutil.which("weed")


@contextmanager
def server(folder):
    """An S3 server with one empty bucket, for as long as it is needed."""
    ports = free_ports(2 * len(PARTS))
    http = {part: ports.pop() for part in PARTS}
    options = [f"-{part}.port={port}" for part, port in http.items()]
    options += [f"-{part}.port.grpc={ports.pop()}" for part in PARTS]
    fixed = ["-dir", str(folder), "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-bucket={BUCKET}"]
    less = ["-admin.ui=false", "-webdav=false", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    running = Server(f"127.0.0.1:{http['s3']}", f"127.0.0.1:{http['filer']}")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program(), "mini", *fixed, *options, *less],
            env={"HOME": str(folder), **running.variables},
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(running, process, folder / "log")
        yield running
    finally:
        # A polite end takes 2 s, for data that nobody needs.
        process.kill()
        process.wait(PATIENCE)


def wait_for(running, process, log):
    deadline, client = time.monotonic() + PATIENCE, running.client
    while True:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        try:
            # Small ones are kept elsewhere: the first large one makes the server lay out its disk.
            client.put_object(Bucket=BUCKET, Key="ready", Body=bytes(1 << 20))
        except (BotoCoreError, ClientError):
            time.sleep(0.1)
        else:
            return


def free_ports(count):
    with ExitStack() as held:
        taken = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in taken]


@contextmanager
def late_server(port, behind, seconds):
    """An address at which nobody listens for some seconds, and then a server that there is."""
    ended, running = threading.Event(), []

    def listen():
        if not ended.wait(seconds):
            running.append(subprocess.Popen([sys.executable, "-c", _FORWARDER, str(port), behind]))

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        for process in running:
            process.kill()
            process.wait(PATIENCE)


# What is sent to a port goes to another server, and its answers back.
_FORWARDER = """
import asyncio, sys
host, port = sys.argv[2].split(":")
async def pump(reader, writer):
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
    writer.close()
async def pass_on(reader, writer):
    there, back = await asyncio.open_connection(host, int(port))
    await asyncio.gather(pump(reader, back), pump(there, writer), return_exceptions=True)
async def main():
    async with await asyncio.start_server(pass_on, "127.0.0.1", int(sys.argv[1])) as server:
        await server.serve_forever()
asyncio.run(main())
"""
