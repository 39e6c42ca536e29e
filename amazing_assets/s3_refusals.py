"""What S3 answers, in one sentence each with its remedy; never one that holds a secret.

No client is imported to know its errors. boto3 tells codes; Polars and obstore, which share the
library beneath, tell texts that quote the server's answer.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_KEYS = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of an account that may {use} it"
_REMEDIES = {
    "NoSuchBucket": "create the bucket, or correct {setting}",
    "AccessDenied": "allow {rights} to the account of AWS_ACCESS_KEY_ID",
    "InvalidAccessKeyId": _KEYS,
    "SignatureDoesNotMatch": _KEYS,
    "InvalidToken": "set a fresh AWS_SESSION_TOKEN",
    "ExpiredToken": "set a fresh AWS_SESSION_TOKEN",
    "AuthorizationHeaderMalformed": "set AWS_DEFAULT_REGION to the region of the bucket",
    "PermanentRedirect": "set AWS_DEFAULT_REGION to the region of the bucket",
    "RequestTimeTooSkewed": "set the clock of this machine",
}

_READING = {
    "setting": "AMAZING_LANDING",
    "rights": "s3:ListBucket and s3:GetObject",
    "use": "read",
}
_WRITING = {
    "setting": "the setting that names it, such as AMAZING_LAKE",
    "rights": "s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject",
    "use": "read and write",
}

_CODE = re.compile(r"<Code>(\w+)</Code>")
_REQUEST = re.compile(r"Error performing [A-Z]+ (\S+)")
_STATUS = re.compile(r"non-2xx status code: (\d+)")

# Of an answer that has no code of its own, such as a redirect of older servers.
_CODES = {"301": "PermanentRedirect", "403": "AccessDenied"}

_MISSING = "NoSuchKey"


def refused(place: str, code: str, *, reads_only: bool = True) -> str:
    """Return the sentence of a request that the server refused.

    Args:
        place: The address of the place.
        code: What the server calls it.
        reads_only: Whether only reading is asked for there.
    """
    remedy = _REMEDIES.get(code, "check its policy and the AWS_ variables")
    said = remedy.format(**(_READING if reads_only else _WRITING))
    return f"{place} is refused ({code or 'no reason given'}); {said}."


def no_credentials(place: str, *, reads_only: bool = True) -> str:
    """Return the sentence of an account that has no keys."""
    said = _KEYS.format(**(_READING if reads_only else _WRITING))
    return f"{place} wants credentials and there are none; {said}."


def unreachable(place: str, endpoint: str | None, reason: str) -> str:
    """Return the sentence of a server that does not answer."""
    return (
        f"{place} cannot be reached at {_host(endpoint)} ({reason}); "
        f"check AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL and the network."
    )


def misconfigured(place: str, reason: str) -> str:
    """Return the sentence of variables with which there is no client at all."""
    return (
        f"There is no way to {place} ({reason}); check the AWS_ variables, "
        f"such as AWS_ENDPOINT_URL_S3=http://host:port or AWS_PROFILE."
    )


def is_refusal(text: str) -> bool:
    """Whether the server has answered, and would answer the same again."""
    code = _code(text)
    return code in _REMEDIES and code != _MISSING


def sentence_of_request(text: str) -> str | None:
    """Return the sentence of an error that quotes a request to S3; None: it quotes none."""
    request = _REQUEST.search(text)
    if request is None:
        return None
    place, endpoint = _place(request[1]), request[1]
    code = _code(text)
    if code == _MISSING:
        return f"A file of {place} was replaced or taken away while it was read; run it again."
    if code:
        return refused(place, code, reads_only=False)
    status = _STATUS.search(text)
    return unreachable(place, endpoint, f"status {status[1]}" if status else "no answer")


def _code(text: str) -> str:
    if found := _CODE.search(text):
        return found[1]
    status = _STATUS.search(text)
    return _CODES.get(status[1], "") if status else ""


def _place(url: str) -> str:
    """The bucket of a request, which stands before its key."""
    bucket = urlsplit(url).path.strip("/").partition("/")[0]
    return f"s3://{bucket}" if bucket else "The bucket"


def _host(endpoint: str | None) -> str:
    """The server without what some write before it: a name and a password."""
    return urlsplit(endpoint or "").netloc.rpartition("@")[2] or "its endpoint"
