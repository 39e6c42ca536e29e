"""What goes wrong on the way to a bucket, in one sentence each with its remedy."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from botocore import exceptions as aws

from amazing_assets.landing.zone import LandingError

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEYS = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of an account that may read it"
_REMEDIES = {
    "NoSuchBucket": "create the bucket, or correct AMAZING_LANDING",
    "AccessDenied": "allow s3:ListBucket and s3:GetObject to the account of AWS_ACCESS_KEY_ID",
    "InvalidAccessKeyId": _KEYS,
    "SignatureDoesNotMatch": _KEYS,
    "InvalidToken": "set a fresh AWS_SESSION_TOKEN",
    "ExpiredToken": "set a fresh AWS_SESSION_TOKEN",
    "AuthorizationHeaderMalformed": "set AWS_DEFAULT_REGION to the region of the bucket",
    "PermanentRedirect": "set AWS_DEFAULT_REGION to the region of the bucket",
    "RequestTimeTooSkewed": "set the clock of this machine",
}


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
        raise LandingError(f"{place} wants credentials and there are none; {_KEYS}.") from None
    except (aws.HTTPClientError, aws.ConnectionError) as error:
        raise LandingError(
            f"{place} cannot be reached at {_host(endpoint)} ({type(error).__name__}); "
            f"check AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL and the network."
        ) from None
    except (aws.BotoCoreError, ValueError) as error:
        # Their messages may quote what was configured, and that may be a secret.
        raise LandingError(
            f"There is no way to {place} ({type(error).__name__}); check the AWS_ variables, "
            f"such as AWS_ENDPOINT_URL_S3=http://host:port or AWS_PROFILE."
        ) from None


def _refusal(error: aws.ClientError, place: str, name: str | None) -> str:
    code = error.response.get("Error", {}).get("Code", "")
    if name and code in {"PreconditionFailed", "412"}:
        return f"{name} was delivered again while it was read; run its month again."
    if name and code in {"NoSuchKey", "404"}:
        return f"{name} was taken away from {place}; deliver it again."
    remedy = _REMEDIES.get(code, "check its policy and the AWS_ variables")
    return f"{place} is refused ({code or 'no reason given'}); {remedy}."


def _host(endpoint: str | None) -> str:
    """The server without what some write before it: a name and a password."""
    return urlsplit(endpoint or "").netloc.rpartition("@")[2] or "its endpoint"
