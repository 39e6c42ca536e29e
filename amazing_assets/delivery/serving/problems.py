"""What is wrong with a request, as RFC 9457 has it; nothing that was sent is repeated."""

from __future__ import annotations

import json
import logging
import traceback
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from amazing_assets.errors import PlainError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PROBLEM = "application/problem+json"

_LOGGER = logging.getLogger("amazing_assets.service")

_TITLES = {
    400: "Not understood",
    401: "No valid key",
    403: "Not allowed",
    404: "Not there",
    405: "Not possible here",
    408: "Too slow",
    413: "Too large",
    415: "Of another kind",
    422: "Not valid",
    429: "Too many requests",
    500: "Our fault",
    503: "Not ready",
    504: "Took too long",
}

# Of so many faults the first are named; the rest are alike.
_MOST = 10


class ProblemError(PlainError):
    """A request that is not answered, and why.

    Attributes:
        status: Of HTTP.
        detail: One sentence, with the remedy; nothing that was sent stands in it.
        faults: What is wrong with each field, where fields are.
        headers: Of the response.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        faults: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.faults = status, detail, faults
        self.headers = dict(headers or {})

    @property
    def response(self) -> Response:
        """The problem as it is sent."""
        told: dict[str, Any] = {
            "type": "about:blank",
            "title": _TITLES.get(self.status, "Refused"),
            "status": self.status,
            "detail": self.detail,
        }
        if self.faults:
            told["errors"] = list(self.faults[:_MOST])
        return Response(json.dumps(told), self.status, self.headers, media_type=PROBLEM)


def field_of(location: Iterable[object], known: frozenset[str]) -> str:
    """Return the place of a fault, such as `events.3.price`.

    A name that is none of ours is not repeated: it may be anything, a customer's id as well.
    """
    parts = [
        str(part) if isinstance(part, int) or part in known else "(unknown)" for part in location
    ]
    return ".".join(parts) or "(body)"


def too_many(detail: str, seconds: int = 1) -> ProblemError:
    """Return the problem of a request that may be sent again later."""
    return ProblemError(429, detail, headers={"Retry-After": str(seconds)})


def handle_problems(app: FastAPI, known: frozenset[str]) -> None:
    """Answer whatever goes wrong with a problem.

    Args:
        app: The service.
        known: The names of fields that may be named.
    """

    @app.exception_handler(ProblemError)
    async def problem(_: Request, error: ProblemError) -> Response:
        return error.response

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        faults = [
            {"field": field_of(fault["loc"], known), "detail": said(fault)}
            for fault in error.errors()
        ]
        return ProblemError(422, "The request does not keep its contract.", faults).response

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> Response:
        details = {404: "There is no such path; /docs lists those there are."}
        detail = details.get(error.status_code, "This path does not answer that.")
        return ProblemError(error.status_code, detail, headers=error.headers).response

    @app.exception_handler(PlainError)
    async def unready(_: Request, error: PlainError) -> Response:
        tell_fault(error)
        return ProblemError(503, "The service cannot answer at the moment; try again.").response


def said(fault: Mapping[str, Any]) -> str:
    """Return what Pydantic says of a fault, unless it quotes what was sent."""
    kind = str(fault["type"])
    if kind in {"value_error", "assertion_error", "json_invalid", "extra_forbidden"}:
        return {"extra_forbidden": "There is no such field."}.get(kind, "This is not valid.")
    return f"{fault['msg']}."


def tell_fault(error: BaseException) -> None:
    """Log where an error was raised, and never its words: they may quote what was sent."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-4:]))
    _LOGGER.error("%s in %s", type(error).__name__, where)
