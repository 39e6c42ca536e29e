"""How work is spread over shards. This engine runs it here, one shard after the other.

Polars uses every core inside a shard, so a second process would only compete for them; and a
process forked after polars was used hangs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
