"""How work is spread over shards: here, one shard after the other, or by the workers of a cluster.

Polars uses every core inside a shard: two shards at a time took as long and 0.4 GB more. A process
forked after polars was used hangs.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, TypeVar

from amazing_assets.errors import PlainError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future

T = TypeVar("T")
R = TypeVar("R")


class Engine(Protocol):
    """Runs a function over shards and hands out the results in order."""

    def map(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Return the function's results, in the order of the tasks."""
        ...


class LocalEngine:
    """Runs a function over shards in this process."""

    def map(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Return the function's results, in the order of the tasks."""
        return map(function, tasks)


def engine_at(cluster: str | None) -> Engine:
    """Return what works on shards: the workers of a cluster, or this process.

    Args:
        cluster: Address of a Dask scheduler; None: there is none.

    Raises:
        PlainError: A cluster is set, and its client is not installed.
    """
    if cluster is None:
        return LocalEngine()
    try:
        # It takes half a second, which nobody waits for who has no cluster.
        from amazing_assets.lake.cluster import DaskEngine  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise PlainError(
            f"AMAZING_CLUSTER is set and {error.name} is not installed; "
            f"`pip install 'amazing-assets[cluster]'` installs it."
        ) from None
    return DaskEngine(cluster)


def map_ahead(function: Callable[[T], R], items: Iterable[T], threads: int = 2) -> Iterator[R]:
    """Yield the function's results in order, working on the next ones in threads meanwhile.

    For work that leaves cores idle, as parsing and hashing a block of text do; holds one result
    more than there are threads.
    """
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
