"""How work is spread over shards. This engine runs it here, one shard after the other.

Polars uses every core inside a shard: two shards at a time took as long and 0.4 GB more. A process
forked after polars was used hangs.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, TypeVar

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
