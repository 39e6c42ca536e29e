"""How work is spread over shards. This engine runs it here, two shards at a time.

Polars uses every core for some steps and one for others: a second thread fills the gaps, a second
process would double the memory, and one forked after polars was used hangs.
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
    """Runs a function over shards in threads of this process."""

    def map(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Return the function's results, in the order of the tasks."""
        return map_ahead(function, tasks)


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
