"""A place: a path of this machine, or of a bucket; both are put together alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_S3 = "s3://"


@dataclass(frozen=True)
class BucketPath:
    """A place in a bucket, put together as a `Path` is; nothing is asked of the bucket.

    Attributes:
        bucket: Name of the bucket.
        key: What stands after it, without a slash at either end; empty: the bucket itself.
    """

    bucket: str
    key: str = ""

    @classmethod
    def of(cls, address: str) -> BucketPath:
        """Return the place of an address such as `s3://bucket/prefix`."""
        bucket, _, key = address.removeprefix(_S3).partition("/")
        return cls(bucket, key.strip("/"))

    def __truediv__(self, name: str) -> BucketPath:
        return BucketPath(self.bucket, f"{self.key}/{name}".lstrip("/"))

    def __str__(self) -> str:
        return f"{_S3}{self.bucket}/{self.key}".rstrip("/")

    @property
    def name(self) -> str:
        """What stands after the last slash."""
        return self.key.rpartition("/")[2]

    @property
    def parent(self) -> BucketPath:
        """The place in which it lies."""
        return BucketPath(self.bucket, self.key.rpartition("/")[0])


Location = Path | BucketPath


def location_of(address: str) -> Location:
    """Return the place of a path, or of an address such as `s3://bucket/prefix`."""
    return BucketPath.of(address) if address.startswith(_S3) else Path(address)
