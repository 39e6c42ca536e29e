"""What goes wrong on the way to a bucket in which files land, in one sentence each."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore import exceptions as aws

from amazing_assets.landing.zone import LandingError
from amazing_assets.s3_refusals import misconfigured, no_credentials, refused, unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def s3_errors(place: str, endpoint: str | None = None, name: str | None = None) -> Iterator[None]:
    """Turn what goes wrong with a bucket into one sentence; never one that holds a secret.

    Args:
        place: The address of the place.
        endpoint: The server's address.
        name: The file that is read; None while files are listed.

    Raises:
        LandingError: Anything that the client cannot do.
    """
    try:
        yield
    except aws.ClientError as error:
        raise LandingError(_refusal(error, place, name)) from None
    except aws.NoCredentialsError:
        raise LandingError(no_credentials(place)) from None
    except (aws.HTTPClientError, aws.ConnectionError) as error:
        raise LandingError(unreachable(place, endpoint, type(error).__name__)) from None
    except (aws.BotoCoreError, ValueError) as error:
        # Their messages may quote what was configured, and that may be a secret.
        raise LandingError(misconfigured(place, type(error).__name__)) from None


def _refusal(error: aws.ClientError, place: str, name: str | None) -> str:
    code = error.response.get("Error", {}).get("Code", "")
    if name and code in {"PreconditionFailed", "412"}:
        return f"{name} was delivered again while it was read; run its month again."
    if name and code in {"NoSuchKey", "404"}:
        return f"{name} was taken away from {place}; deliver it again."
    return refused(place, code)
