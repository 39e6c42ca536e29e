"""Objects of a bucket: read, listed, and written all at once or not at all; by obstore.

A write under a condition is what a link replaced by a rename is on a disk: of two who write at once
one is told that the object is another meanwhile. What fails on the way, or within the server, is
tried again for half a minute, as Polars is told to do when it reads.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import obstore
from botocore.exceptions import BotoCoreError
from obstore import exceptions
from obstore.store import S3Store

from amazing_assets.errors import PlainError
from amazing_assets.locations import BucketPath
from amazing_assets.s3_client import s3_access
from amazing_assets.s3_refusals import (
    is_refusal,
    misconfigured,
    no_credentials,
    sentence_of_request,
)
from amazing_assets.settings import aws_variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from amazing_assets.s3_client import Access

# The time decides, not their number: pauses are drawn between the first one and so many times the
# one before.
_ATTEMPTS = 1_000
_PATIENCE = timedelta(seconds=30)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=0.2), timedelta(seconds=5)
_GROWTH = 3

# Botocore renews what a role lends long before it expires, whenever it is asked.
_ASKED_AGAIN = timedelta(minutes=10)

_IS_ANOTHER = (exceptions.AlreadyExistsError, exceptions.PreconditionError)


class BucketError(PlainError):
    """A bucket refuses what is asked of it; the message says why, and what to do."""


class Found(NamedTuple):
    """An object and what tells it from the one before.

    Attributes:
        data: Its bytes.
        tag: Another one for other bytes.
    """

    data: bytes
    tag: str


class Listed(NamedTuple):
    """What a listing says of an object.

    Attributes:
        path: Where it is.
        bytes: Its size.
        modified: When it was written, by the server's clock.
        tag: Another one for other bytes.
    """

    path: BucketPath
    bytes: int
    modified: datetime
    tag: str


def read(path: BucketPath) -> Found | None:
    """Return an object; None if there is none."""
    with _refusals(path):
        try:
            found = obstore.get(_store(path), path.key)
            return Found(bytes(found.bytes()), found.meta["e_tag"] or "")
        except FileNotFoundError as error:
            if is_refusal(str(error)):
                raise
            return None


def write(path: BucketPath, data: bytes) -> None:
    """Write an object, in several requests at a time if it is large; nobody sees half of it."""
    with _refusals(path):
        obstore.put(_store(path), path.key, data)


def create(path: BucketPath, data: bytes) -> str | None:
    """Write an object that nobody has written yet; return its tag, None if somebody has."""
    return _put(path, data, "create")


def replace(path: BucketPath, data: bytes, tag: str) -> str | None:
    """Write an object in place of the one that was read; None if it is another by now."""
    return _put(path, data, {"e_tag": tag})


def _put(path: BucketPath, data: bytes, mode: Any) -> str | None:  # noqa: ANN401  obstore's
    with _refusals(path):
        try:
            return obstore.put(_store(path), path.key, data, mode=mode)["e_tag"] or ""
        except _IS_ANOTHER:
            pass
    # What was tried again because the answer was lost finds its own first attempt.
    found = read(path)
    return found.tag if found and found.data == data else None


def listed(folder: BucketPath) -> list[Listed]:
    """Return all objects under a place, however deep."""
    with _refusals(folder):
        return [
            Listed(
                BucketPath(folder.bucket, each["path"]),
                each["size"],
                each["last_modified"],
                each["e_tag"] or "",
            )
            for batch in obstore.list(_store(folder), f"{folder.key}/")
            for each in batch
        ]


def names(folder: BucketPath) -> tuple[list[str], list[str]]:
    """Return the names of the objects that lie directly in a place, and of its folders."""
    with _refusals(folder):
        found = obstore.list_with_delimiter(_store(folder), f"{folder.key}/")
    objects = [each["path"].rpartition("/")[2] for each in found["objects"]]
    return sorted(objects), sorted(each.rpartition("/")[2] for each in found["common_prefixes"])


def delete(paths: Iterable[BucketPath]) -> None:
    """Delete objects of one bucket; those that are gone are no error."""
    found = list(paths)
    if found:
        with _refusals(found[0]):
            obstore.delete(_store(found[0]), [path.key for path in found])


def scan_options(path: BucketPath) -> dict[str, Any]:
    """Return what Polars is to be told to read objects of a bucket as we do."""
    known = _known(aws_variables())
    return {
        "storage_options": {
            "aws_endpoint_url": known.endpoint,
            "aws_region": known.region,
            "aws_allow_http": str(_is_plain(known)).lower(),
            "max_retries": _ATTEMPTS,
            "retry_timeout_ms": _in_ms(_PATIENCE),
            "retry_init_backoff_ms": _in_ms(_FIRST_PAUSE),
            "retry_max_backoff_ms": _in_ms(_LONGEST_PAUSE),
            "retry_base_multiplier": float(_GROWTH),
        },
        "credential_provider": _lent_to_polars(path.bucket, aws_variables()),
    }


def _in_ms(time: timedelta) -> int:
    return int(time.total_seconds() * 1000)


@cache
def _known(_variables: frozenset[tuple[str, str]]) -> Access:
    return s3_access()


def _is_plain(access: Access) -> bool:
    return access.endpoint.startswith("http://")


def _store(path: BucketPath) -> S3Store:
    return _store_of(path.bucket, aws_variables())


@cache
def _store_of(bucket: str, variables: frozenset[tuple[str, str]]) -> S3Store:
    """A store keeps its connections, so that there is one for a process and what it is to AWS."""
    known = _known(variables)
    frozen = _frozen(bucket, known)

    def lend() -> Any:  # noqa: ANN401  a dictionary of obstore's, known to type checkers alone
        keys = frozen()
        return {
            "access_key_id": keys.access_key,
            "secret_access_key": keys.secret_key,
            "token": keys.token,
            "expires_at": datetime.now(UTC) + _ASKED_AGAIN,
        }

    return S3Store(
        bucket,
        endpoint=known.endpoint,
        region=known.region,
        credential_provider=lend,
        client_options={"allow_http": _is_plain(known), "connect_timeout": "5s", "timeout": "120s"},
        retry_config={
            "max_retries": _ATTEMPTS,
            "retry_timeout": _PATIENCE,
            "backoff": {
                "init_backoff": _FIRST_PAUSE,
                "max_backoff": _LONGEST_PAUSE,
                "base": _GROWTH,
            },
        },
    )


@cache
def _lent_to_polars(
    bucket: str, variables: frozenset[tuple[str, str]]
) -> Callable[[], tuple[dict[str, str], int]]:
    """One function for a process and what it is to AWS: Polars keeps connections for each."""
    frozen = _frozen(bucket, _known(variables))

    def lend() -> tuple[dict[str, str], int]:
        keys = frozen()
        lent = {"aws_access_key_id": keys.access_key, "aws_secret_access_key": keys.secret_key}
        token = {"aws_session_token": keys.token} if keys.token else {}
        return lent | token, int((datetime.now(UTC) + _ASKED_AGAIN).timestamp())

    return lend


def _frozen(bucket: str, access: Access) -> Callable[[], Any]:
    """What returns the keys of this moment."""
    if access.credentials is None:
        # Somebody may log in while this process goes on.
        _known.cache_clear()
        raise BucketError(no_credentials(f"s3://{bucket}", reads_only=False))
    frozen: Callable[[], Any] = access.credentials.get_frozen_credentials
    return frozen


@contextmanager
def _refusals(path: BucketPath) -> Iterator[None]:
    """Refuse in one sentence; a server that is away raises as it does, for that may pass.

    Raises:
        BucketError: The server has answered, and would answer the same again.
    """
    try:
        yield
    except (exceptions.BaseError, OSError) as error:
        if is_refusal(str(error)):
            raise BucketError(sentence_of_request(str(error))) from None
        raise
    except (BotoCoreError, ValueError) as error:
        # Their messages may quote what was configured, and that may be a secret.
        raise BucketError(misconfigured(str(path), type(error).__name__)) from None
