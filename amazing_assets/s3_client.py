"""Who we are to S3, as the standard `AWS_` variables say; nothing of ours holds a key."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.loaders import Loader
    from botocore.session import Session

# boto3 is imported once a client is made: a fifth of a second, which no command at home needs.


class Access(NamedTuple):
    """What another client than boto3's needs to be the same account at the same server.

    Attributes:
        endpoint: The server's address.
        region: Of the bucket.
        credentials: Botocore's, which renew those of a role before they expire; None: there are
            none.
    """

    endpoint: str
    region: str
    credentials: Any


def s3_client(**given: str) -> Any:  # noqa: ANN401  boto3 is untyped
    """Return a client: quick to list, quick to say that there is no answer, times left as texts.

    Args:
        given: What boto3's `client` takes, where the variables are not to decide.
    """
    return _client(_session(), **given)


def s3_access() -> Access:
    """Return endpoint, region and credentials: of the variables, a profile, a role, the machine."""
    session = _session()
    client = _client(session)
    return Access(client.meta.endpoint_url, client.meta.region_name, session.get_credentials())


def _patience() -> Config:
    """How long is waited for an answer.

    A tick of a sensor is cut off after a minute. boto3 by itself waits as long for a host that is
    silent, five times.
    """
    from botocore.config import Config  # noqa: PLC0415  see above

    retries = {"mode": "standard", "total_max_attempts": 2}
    return Config(connect_timeout=5, read_timeout=20, retries=retries)


def _session() -> Session:
    from botocore.session import Session  # noqa: PLC0415  see above

    session = Session()
    session.register_component("data_loader", _descriptions())
    # Of 5,000 files, reading their times as times took 0.3 of 0.7 s; nobody asks for them.
    session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=str)
    return session


def _client(session: Session, **given: str) -> Any:  # noqa: ANN401  boto3 is untyped
    import boto3  # noqa: PLC0415  see above

    return boto3.Session(botocore_session=session).client("s3", config=_patience(), **given)


@cache
def _descriptions() -> Loader:
    """What AWS says of its services: 0.3 s to read, and the same for every client."""
    from botocore.session import Session  # noqa: PLC0415  see above

    return Session().get_component("data_loader")
