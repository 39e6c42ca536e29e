"""Work on many items by processes of their own, for what threads cannot do at the same time."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # has no types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")
R = TypeVar("R")
Ground = TypeVar("Ground")

# Each holds the libraries, some 300 MB, and what all items need; it ends when nothing is to do.
MOST_PROCESSES, _IDLE_SECONDS = 4, 30


def spread(
    function: Callable[[Ground, T], R],
    ground: Ground,
    items: Sequence[T],
    *,
    is_worth_it: bool = True,
) -> Iterator[R]:
    """Yield the function's results in the order of the items, several worked on at a time.

    As many as there are cores for this process, by joblib's count, which `LOKY_MAX_CPU_COUNT`
    bounds; results do not depend on it. What all items need goes to a process once, by a file; an
    item and its result with every call.

    Args:
        function: Of a module, so that another process finds it.
        ground: What it needs whatever the item.
        items: What it is called with.
        is_worth_it: Whether there is more to do than processes take to begin, which is two seconds;
            else it is done here, one item after the other.
    """
    # joblib comes with scikit-learn. Its workers do not run the main module again, which of a
    # command would be the command itself; a process forked after Polars was used hangs.
    # A tenth of a second, for who spreads nothing.
    import joblib  # type: ignore[import-untyped]  # noqa: PLC0415  has no types

    processes = min(joblib.cpu_count(), MOST_PROCESSES, len(items)) if is_worth_it else 1
    if processes <= 1:
        yield from (function(ground, item) for item in items)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ground"
        joblib.dump(ground, file)
        tasks = (joblib.delayed(_called)(function, file, item) for item in items)
        parallel = joblib.Parallel(
            processes, return_as="generator", idle_worker_timeout=_IDLE_SECONDS
        )
        yield from parallel(tasks)


def _called(function: Callable[[Any, T], R], file: Path, item: T) -> R:
    # As many processes as cores: more threads would wait for each other.
    with threadpool_limits(1):
        return function(_read(file), item)


@lru_cache(maxsize=1)
def _read(file: Path) -> Any:  # noqa: ANN401  whatever was written
    import joblib  # noqa: PLC0415  as above

    return joblib.load(file)
