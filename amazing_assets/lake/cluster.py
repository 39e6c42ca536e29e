"""Work on shards by the workers of a Dask cluster; imported where one is set, and nowhere else.

A task and its result travel as plain pickles: where shards are and what is made of them, counts and
small tables. Rows stay in the lake, which every worker reaches under the same address. A task may
run twice, for its worker may die: the second writes the same file under the same name.
"""

from __future__ import annotations

import logging
import socket
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlsplit

from distributed import Client, KilledWorker, Security
from distributed.client import FutureCancelledError
from distributed.comm.core import CommClosedError

from amazing_assets.errors import PlainError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from distributed import Future

T = TypeVar("T")
R = TypeVar("R")

# What happens to a client is said by the sentences below; it would print its tracebacks beside.
logging.getLogger("distributed.client").setLevel(logging.CRITICAL)

# Results that wait, in order, for one that is still made; as many tasks are asked for at least, so
# that a cluster which grows by demand sees the demand.
_FEWEST_AHEAD = 16

# Of a task that fails of itself: a disk or a server that was away for a moment.
_RETRIES = 2

_PATIENCE_SECONDS, _ANSWER_SECONDS = 60, 10

# What has to be the same everywhere, for the same rows to come of it.
_PACKAGES = ("amazing_assets", "dask", "distributed", "pandera", "polars")


class ClusterError(PlainError):
    """A cluster cannot do the work; the message says why, and what to do."""


@dataclass(frozen=True)
class Outcome(Generic[R]):
    """What came of a task: a result, or a refusal that would be the same at every attempt."""

    result: R | None = None
    refusal: PlainError | None = None


def run(function: Callable[[T], R], task: T) -> Outcome[R]:
    """Run a task on a worker."""
    try:
        return Outcome(function(task))
    except PlainError as error:
        return Outcome(refusal=error)


@dataclass(frozen=True)
class DaskEngine:
    """Runs a function over shards on the workers of a cluster.

    Attributes:
        address: Of the scheduler, as `tcp://scheduler:8786`.
    """

    address: str

    def map(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Yield the function's results, in the order of the tasks.

        Raises:
            ClusterError: The cluster cannot be reached, is another one than we are, or loses every
                worker that takes a certain task.
        """
        with _plain_errors(self.address), _connected(self.address) as client:
            waiting: deque[Future[Any]] = deque()
            for task in tasks:
                # Never from memory: a task that is known writes its file all the same.
                waiting.append(client.submit(run, function, task, pure=False, retries=_RETRIES))
                if len(waiting) >= max(_FEWEST_AHEAD, 2 * sum(client.nthreads().values())):
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())


def _result(future: Future[Any]) -> Any:  # noqa: ANN401  of whatever the function returns
    outcome = future.result()
    if outcome.refusal is not None:
        raise outcome.refusal
    return outcome.result


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    """A client whose certificates are those of Dask's own configuration."""
    security = Security()
    _refuse_address(address, security)
    with Client(
        address, timeout=_PATIENCE_SECONDS, security=security, set_as_default=False
    ) as client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE_SECONDS)
        except TimeoutError:
            raise ClusterError(
                f"The cluster {address} has no worker; start one with "
                f"`dask worker {address} --nthreads 1`, or unset AMAZING_CLUSTER."
            ) from None
        refuse_versions(client.get_versions(packages=list(_PACKAGES)))
        yield client


def _refuse_address(address: str, security: Security) -> None:
    """Refuse what a client could not connect to: it says so late, and once more when it is gone."""
    parts = urlsplit(address)
    if parts.scheme == "tls" and not security.get_connection_args("client")["ssl_context"]:
        raise ClusterError(
            f"The scheduler {address} wants certificates; set "
            f"DASK_DISTRIBUTED__COMM__TLS__CA_FILE, DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT and "
            f"DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY."
        )
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), _ANSWER_SECONDS).close()
    except OSError as error:
        raise ClusterError(
            f"The scheduler {address} does not answer ({type(error).__name__}); start it, correct "
            f"AMAZING_CLUSTER, or unset it to work here."
        ) from None


def refuse_versions(versions: Mapping[str, Any]) -> None:
    """Refuse a worker that would make other rows of the same shard.

    Args:
        versions: Of the client and of each worker, as a client of Dask tells them.

    Raises:
        ClusterError: A worker has another version of what has to be the same.
    """
    ours = _versions(versions["client"])
    for worker, told in versions["workers"].items():
        for name, version in _versions(told).items():
            if version != ours[name]:
                raise ClusterError(
                    f"The worker {worker} has {name} {version or 'not installed'} and this process "
                    f"has {ours[name]}; install the same versions there, with constraints.txt."
                )


def _versions(told: Mapping[str, Any]) -> dict[str, str | None]:
    packages = told["packages"]
    # Of Python the first two numbers: the third mends only.
    python = ".".join(packages["python"].split(".")[:2])
    return {"Python": python, **{name: packages[name] for name in _PACKAGES}}


@contextmanager
def _plain_errors(address: str) -> Iterator[None]:
    try:
        yield
    except KilledWorker as error:
        raise ClusterError(
            f"A task ended each of the {error.allowed_failures + 1} workers of {address} that took "
            f"it, most likely for want of memory; give workers a larger --memory-limit, or a new "
            f"lake more shards with AMAZING_SHARDS."
        ) from None
    except (FutureCancelledError, CommClosedError):
        raise ClusterError(
            f"The scheduler {address} was lost while it worked; start it, and run again."
        ) from None
