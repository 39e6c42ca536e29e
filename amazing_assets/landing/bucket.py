"""Files that land in a bucket: an S3 prefix as a place of the landing zone."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from botocore import exceptions as aws

from amazing_assets.landing.generated import MANIFEST, Manifest, parsed
from amazing_assets.landing.refusals import s3_errors
from amazing_assets.landing.zone import LandedFile, LandingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# One request of a stream; what is lost when the connection is cut is fetched again.
_CHUNK = 1 << 20

# Cuts in a row without a byte between them; each is tried several times by the client itself.
_PATIENCE = 3


class Client(Protocol):
    """The part of an S3 client that reading needs."""

    meta: Any

    def list_objects_v2(self, **request: object) -> Mapping[str, Any]:
        """Return a page of a listing."""

    def get_object(self, **request: object) -> Mapping[str, Any]:
        """Return an object, whose `Body` is a stream."""


@dataclass(frozen=True)
class Prefix:
    """A prefix of a bucket in which event files land.

    Attributes:
        client: Asks the server.
        bucket: Name of the bucket.
        prefix: Empty, or a path that ends in a slash.
    """

    client: Client
    bucket: str
    prefix: str

    @classmethod
    def of(cls, address: str, client: Client) -> Prefix:
        """Return the place of an address such as `s3://bucket/prefix`."""
        bucket, _, path = address.removeprefix("s3://").partition("/")
        path = path.strip("/")
        return cls(client, bucket, f"{path}/" if path else "")

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    def files(self) -> list[LandedFile]:
        """Return every object under the prefix, by name; nothing behind another slash."""
        with s3_errors(str(self), self.client.meta.endpoint_url):
            found = [self._file(entry) for page in self._pages() for entry in page]
        # A key that ends in the slash is how some tools draw a folder.
        return sorted((file for file in found if file.name), key=lambda file: file.name)

    def manifest(self) -> Manifest | None:
        """Return what was generated and copied there, `truth` and all; None if nothing was."""
        where = {"Bucket": self.bucket, "Key": self.prefix + MANIFEST}
        with s3_errors(str(self), self.client.meta.endpoint_url):
            try:
                return parsed(self.client.get_object(**where)["Body"].read())
            except aws.ClientError as error:
                if error.response.get("Error", {}).get("Code") in {"NoSuchKey", "404"}:
                    return None
                raise

    def _pages(self) -> Iterator[list[Mapping[str, Any]]]:
        more: dict[str, object] = {}
        while True:
            page = self.client.list_objects_v2(
                Bucket=self.bucket, Prefix=self.prefix, Delimiter="/", **more
            )
            yield page.get("Contents", [])
            if not page["IsTruncated"]:
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def _file(self, entry: Mapping[str, Any]) -> LandedFile:
        name, size, tag = entry["Key"].removeprefix(self.prefix), entry["Size"], entry["ETag"]
        version = (size, tag, str(entry["LastModified"]))

        def fetch() -> io.BufferedReader:
            return io.BufferedReader(_Stream(self, name, size, tag), _CHUNK)

        return LandedFile(name, size, version, fetch)


class _Stream(io.RawIOBase):
    """The bytes of one version of an object; a connection that is cut goes on where it was."""

    def __init__(self, place: Prefix, name: str, size: int, tag: str) -> None:
        super().__init__()
        self._place, self._name, self._size, self._tag = place, name, size, tag
        self._position = self._cuts = 0
        self._body: Any = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  any writable buffer
        wanted = min(len(buffer), _CHUNK, self._size - self._position)
        if not wanted:
            return 0
        with s3_errors(str(self._place), self._place.client.meta.endpoint_url, self._name):
            text = self._next(wanted)
        buffer[: len(text)] = text
        self._position += len(text)
        return len(text)

    def _next(self, wanted: int) -> bytes:
        while True:
            if self._body is None:
                self._body = self._open()
            try:
                text: bytes = self._body.read(wanted)
            except aws.BotoCoreError:
                text = b""
            if text:
                self._cuts = 0
                return text
            self._drop()
            self._cuts += 1
            if self._cuts > _PATIENCE:
                raise LandingError(
                    f"{self._name} of {self._place} breaks off after {self._position:,} of "
                    f"{self._size:,} bytes; check the network, then run its month again."
                )

    def _open(self) -> Any:  # noqa: ANN401  botocore is untyped
        where = {"Bucket": self._place.bucket, "Key": self._place.prefix + self._name}
        if self._position:
            where["Range"] = f"bytes={self._position}-"
        # Another version in the middle of this one would pass as a whole file.
        where["IfMatch"] = self._tag
        return self._place.client.get_object(**where)["Body"]

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
        self._body = None

    def close(self) -> None:
        self._drop()
        super().close()
