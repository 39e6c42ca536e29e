"""Telling somebody outside the house that a run failed: what is said, and how it is sent."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from amazing_assets.errors import PlainError

# A tick of a sensor has 60 seconds, and a wave of months may fail in one.
_PATIENCE_SECONDS = 5

# What a sentence of ours may quote of a row: ids of customers, products and sessions.
_ID = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+(?:\.\d+)?E[+-]?\d+|\d{7,}", re.IGNORECASE
)


class AlertError(PlainError):
    """An alert did not arrive; the message says why and never where, for the address is secret."""


@dataclass(frozen=True)
class Alert:
    """A failed run, in what may leave the house: no secret and nothing of a row.

    Attributes:
        run_id: The run.
        job: The job that it ran.
        partition: Its month or week; None: it has none.
        step: The step that failed; None: it failed outside of its steps.
        assets: What the step, or without one the run, would have made.
        reason: What went wrong, one sentence.
        is_retried: Whether the run is begun again by itself.
        url: The page of the run; None: the address of the web UI is not known.
    """

    run_id: str
    job: str
    partition: str | None
    step: str | None
    assets: tuple[str, ...]
    reason: str
    is_retried: bool
    url: str | None

    @property
    def subject(self) -> str:
        """What it is about, for a sentence about the alert itself."""
        return f"run {self.run_id}"

    @property
    def sentence(self) -> str:
        """The alert for a person, on one line."""
        what = " of ".join(filter(None, (self.job, self.partition)))
        where = f" at {self.step}" if self.step else ""
        again = " It is tried again." if self.is_retried else ""
        page = f" {self.url}" if self.url else ""
        return f"{what} failed{where}: {without_ids(self.reason)}{again}{page}"

    @property
    def payload(self) -> dict[str, object]:
        """The alert for a program; chat services show `text`."""
        return {
            "text": self.sentence,
            "run_id": self.run_id,
            "job": self.job,
            "partition": self.partition,
            "step": self.step,
            "assets": list(self.assets),
            "reason": without_ids(self.reason),
            "is_retried": self.is_retried,
            "url": self.url,
        }


@dataclass(frozen=True)
class UnreadFiles:
    """Files that have landed and that nobody will read.

    Attributes:
        said: Which, why and what to do, one sentence.
        url: The page of the landing zone; None: the address of the web UI is not known.
    """

    said: str
    url: str | None

    @property
    def subject(self) -> str:
        """What it is about, for a sentence about the alert itself."""
        return "files that are not read"

    @property
    def sentence(self) -> str:
        """The alert for a person, on one line."""
        return without_ids(self.said) + (f" {self.url}" if self.url else "")

    @property
    def payload(self) -> dict[str, object]:
        """The alert for a program; chat services show `text`."""
        return {"text": self.sentence, "reason": without_ids(self.said), "url": self.url}


def without_ids(sentence: str) -> str:
    """Return a sentence on one line, with `***` for everything that may be an id."""
    return _ID.sub("***", " ".join(sentence.split()))


def send(alert: Alert | UnreadFiles, address: str) -> None:
    """Post an alert as JSON.

    Args:
        alert: What is said.
        address: A web address, as `settings.alert_webhook` lets it pass.

    Raises:
        AlertError: Nobody took it.
    """
    body = json.dumps(alert.payload).encode()
    request = Request(address, body, {"Content-Type": "application/json"})  # noqa: S310  http or https, by settings
    try:
        with build_opener(_Stay).open(request, timeout=_PATIENCE_SECONDS):
            pass
    except HTTPError as error:
        error.close()
        raise _unsent(alert, f"the webhook answered {error.code}") from None
    except (OSError, ValueError) as error:
        # Its text may hold the address.
        raise _unsent(alert, f"the webhook was not reached ({type(error).__name__})") from None


def _unsent(alert: Alert | UnreadFiles, why: str) -> AlertError:
    return AlertError(f"The alert of {alert.subject} was not sent: {why}.")


class _Stay(HTTPRedirectHandler):
    """Follows no redirect: what is meant for one address goes to no other."""

    def redirect_request(self, *_: object) -> None:
        """Leave the answer as it is: an error, like any but success."""
