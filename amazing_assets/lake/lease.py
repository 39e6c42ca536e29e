"""Whether the writer of a version in a bucket is alive: an object that it writes again and again.

On a disk a lock ends with its process; a bucket knows none. A lease that was not renewed for a
while is taken for that of a dead writer, and broken before anything is deleted: a writer that was
only halted finds that out before it publishes. Times are the server's own, so that no clock of
another machine decides.
"""

from __future__ import annotations

import threading
import uuid
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from amazing_assets.lake import objects
from amazing_assets.lake.storage import LakeError

if TYPE_CHECKING:
    from datetime import datetime

    from amazing_assets.lake.objects import Listed
    from amazing_assets.locations import BucketPath

NAME = "writer.lease"

RENEWED_SECONDS = 10.0

# Six renewals lost in a row: the writer, or its way to the bucket, is gone.
LASTS = timedelta(seconds=60)

_BROKEN = b"broken"


class Lease:
    """Tells others that a writer is alive, until it is ended or the process is."""

    def __init__(self, path: BucketPath) -> None:
        self._path, self._tag = path, objects.create(path, _text()) or ""
        self._writing, self._ended = threading.Lock(), threading.Event()
        threading.Thread(target=self._keep, name="lease", daemon=True).start()

    @property
    def path(self) -> BucketPath:
        """Where it is."""
        return self._path

    def confirm(self) -> None:
        """See to it that nobody takes the writer for dead while it publishes.

        Raises:
            LakeError: Somebody has done so already, and deletes what it has written.
        """
        if not self._renew():
            raise LakeError(
                f"This process was silent for more than {LASTS.seconds} seconds and was taken for "
                f"dead while it wrote {self._path.parent}; run it again."
            )

    def end(self) -> None:
        """Take the lease away; one that cannot be ends by itself."""
        self._ended.set()
        with self._writing, suppress(Exception):
            objects.delete([self._path])

    def _keep(self) -> None:
        while not self._ended.wait(RENEWED_SECONDS):
            # A server that is away for a moment is asked again at the next turn.
            with suppress(Exception):
                self._renew()

    def _renew(self) -> bool:
        with self._writing:
            if self._ended.is_set():
                return False
            tag = objects.replace(self._path, _text(), self._tag)
            self._tag = tag or self._tag
            return tag is not None


def is_over(lease: Listed, now: datetime, lasts: timedelta = LASTS) -> bool:
    """Whether a lease was not renewed for longer than it lasts."""
    return now - lease.modified > lasts


def break_lease(lease: Listed) -> bool:
    """Take a writer for dead; False if it has just proved to be alive."""
    return objects.replace(lease.path, _BROKEN, lease.tag) is not None


def _text() -> bytes:
    """Another one each time: a tag tells bytes apart, not times."""
    return uuid.uuid4().hex.encode()
