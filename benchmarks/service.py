"""The HTTP service under load, beside `mlflow models serve` of the same model in the same sitting.

Ours reads some 100 raw events of a customer and answers segment and next action; MLflow's is given
the customer's ready-made features and answers the segment. Clients keep their connection and send
the next request once they have the answer to the last; they share the machine with the server.

    python -m benchmarks.service --home .amazing/demo
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import httpx
import polars as pl

from amazing_assets.dates import HISTORY
from amazing_assets.defs.resources.stores import open_lake
from amazing_assets.delivery.classification.champions import ChampionStores
from amazing_assets.lake.table import Lake
from amazing_assets.settings import load_settings

CLIENTS = (1, 4, 32)
EVENTS = range(90, 111)
CUSTOMERS = 200

_STARTS_SECONDS = 180


class Load(NamedTuple):
    """What some clients at a time met with."""

    server: str
    clients: int
    p50_ms: float
    p99_ms: float
    requests_a_second: float
    failed: int


class Server(NamedTuple):
    """A server, and the requests that it is sent."""

    name: str
    port: int
    requests: list[bytes]


def bodies(lake: Lake) -> tuple[list[bytes], pl.Series]:
    """Return the raw events of customers as JSON, and who they are."""
    raw = lake.scan("raw_events", *lake.months("raw_events")[-HISTORY:])
    sizes = raw.group_by("user_id").len().filter(pl.col("len").is_in(list(EVENTS)))
    some = sizes.sort("user_id").head(CUSTOMERS).collect()["user_id"]
    rows = (
        raw.filter(pl.col("user_id").is_in(some.implode()))
        .select(
            pl.col("event_time").dt.strftime("%Y-%m-%d %H:%M:%S UTC"),
            pl.exclude("event_time", "price_cents"),
            (pl.col("price_cents") / 100).alias("price"),
        )
        .collect()
    )
    day = f"{raw.select(pl.col('event_time').max().dt.date().dt.offset_by('1d')).collect().item()}"
    parts = rows.partition_by("user_id", maintain_order=True)
    told = [{"events": part.to_dicts(), "reference_date": day} for part in parts]
    return [json.dumps(each).encode() for each in told], some


def features(lake: Lake, columns: Sequence[str], some: pl.Series) -> list[bytes]:
    """Return the ready-made features of the same customers, as MLflow reads them."""
    month = lake.months("user_features")[-1]
    rows = lake.scan("user_features", month).filter(pl.col("user_id").is_in(some.implode()))
    frame = rows.select(columns).collect()
    return [
        json.dumps(
            {"dataframe_split": {"columns": frame.columns, "data": [list(row)]}}, default=str
        ).encode()
        for row in frame.iter_rows()
    ]


def request(path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return a request as it goes over the wire."""
    told = {
        "Host": "localhost",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **headers,
    }
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def client(server: Server, first: int, until: float) -> list[float]:
    """Send request after request; returns how long each took, minus that of those that failed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    took, number = [], first
    while time.perf_counter() < until:
        begun = time.perf_counter()
        writer.write(server.requests[number % len(server.requests)])
        status = await answered(reader)
        seconds = time.perf_counter() - begun
        took.append(seconds if status == 200 else -seconds)  # noqa: PLR2004  of HTTP
        number += 7
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return took


async def answered(reader: asyncio.StreamReader) -> int:
    """Read an answer to its end and return its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    length = next(
        int(line.partition(":")[2]) for line in lines if line.startswith("content-length")
    )
    await reader.readexactly(length)
    return int(lines[0].split(" ")[1])


async def load(server: Server, clients: int, seconds: float) -> Load:
    """Return what some clients at a time meet with."""
    begun = time.perf_counter()
    parts = await asyncio.gather(*(client(server, n * 13, begun + seconds) for n in range(clients)))
    passed = time.perf_counter() - begun
    took = sorted(abs(each) for part in parts for each in part)
    failed = sum(each < 0 for part in parts for each in part)
    p50, p99 = (1000 * took[int(len(took) * share)] for share in (0.5, 0.99))
    return Load(server.name, clients, p50, p99, len(took) / passed, failed)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: Sequence[str], port: int, ready: str, **variables: str) -> Iterator[None]:
    """Run a server until the block ends."""
    # MLflow looks for uvicorn where programs are found, not beside its own Python.
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # noqa: TID251  as below
    process = subprocess.Popen(
        command,
        env={**os.environ, "PATH": beside, **variables},  # noqa: TID251  of the server alone
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        begun = time.monotonic()
        while not is_ready(f"http://127.0.0.1:{port}{ready}"):
            if process.poll() is not None or time.monotonic() - begun > _STARTS_SECONDS:
                raise SystemExit(f"{command[0]} did not start.")
            time.sleep(0.2)
        yield
    finally:
        # With those that it has started itself.
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def is_ready(address: str) -> bool:
    """Whether a server answers."""
    try:
        return httpx.get(address).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def measure(seconds: float) -> list[Load]:
    """Return what clients of both servers meet with, one server at a time."""
    settings = load_settings()
    lake, stores = (
        open_lake(settings),
        ChampionStores.of(settings.mlflow_tracking_uri, settings.artifacts),
    )
    told, some = bodies(lake)
    champions = stores.read()
    ready_made = features(lake, champions.segments.columns, some)
    port, other = free_port(), free_port()
    amazing = [sys.executable, "-m", "amazing_assets"]
    made = subprocess.run(
        [*amazing, "api-key", "benchmark", "--scope", "classify"],
        capture_output=True,
        text=True,
        check=True,
    )
    ours = Server(
        "amazing serve",
        port,
        [request("/classify", body, {"X-API-Key": made.stdout.strip()}) for body in told],
    )
    theirs = Server(
        "mlflow models serve",
        other,
        [request("/invocations", body, {}) for body in ready_made],
    )
    version = stores.segments.client().get_model_version("segments", champions.segments_version)
    mlflow = ["models", "serve", "-m", version.source, "--env-manager", "local", "-p", str(other)]
    found = []
    try:
        with (
            # As the image `classifier` has it.
            running(
                [*amazing, "serve", "--port", str(port)], port, "/ready", POLARS_MAX_THREADS="1"
            ),
            running([sys.executable, "-m", "mlflow", *mlflow], other, "/ping"),
        ):
            for clients in CLIENTS:
                for server in (ours, theirs):
                    asyncio.run(load(server, clients, min(2.0, seconds)))
                    found.append(asyncio.run(load(server, clients, seconds)))
    finally:
        subprocess.run([*amazing, "api-key", "benchmark", "--revoke"], check=True)
    return found


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="with a lake and both champions")
    parser.add_argument("--seconds", type=float, default=15.0, help="of each load")
    given = parser.parse_args()
    os.environ["AMAZING_HOME"] = str(given.home.resolve())  # noqa: TID251  of this process alone
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print("| server | clients | p50 ms | p99 ms | requests/s | failed |")
    print("|---|---|---|---|---|---|")
    for each in measure(given.seconds):
        print(
            f"| {each.server} | {each.clients} | {each.p50_ms:.1f} | {each.p99_ms:.1f} | "
            f"{each.requests_a_second:.0f} | {each.failed} |"
        )


if __name__ == "__main__":
    main()
