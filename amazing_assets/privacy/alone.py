"""One pass at a time: two at once would each take for granted what the other is about to change."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from amazing_assets.errors import PlainError
from amazing_assets.lake.lock import hold_at_once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amazing_assets.privacy.stores import Stores


class ErasureError(PlainError):
    """What was asked could not be done yet; the request stays open."""


@contextmanager
def alone(stores: Stores) -> Iterator[None]:
    """Keep a second pass from beginning while one is at work.

    Raises:
        ErasureError: One is.
    """
    folder = stores.home / "privacy"
    folder.mkdir(parents=True, exist_ok=True)
    lock = hold_at_once(folder / "lock")
    if lock is None:
        raise ErasureError(
            "Another process is taking customers out of this home; wait until it is done, then try "
            "again."
        )
    with closing(lock):
        yield
