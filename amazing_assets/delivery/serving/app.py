"""The service itself: which paths there are, and what each answers."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date  # noqa: TC003  FastAPI reads it when it runs
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, FastAPI, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi_offline import FastAPIOffline

from amazing_assets import __version__
from amazing_assets.delivery.serving import schemas
from amazing_assets.delivery.serving.access import opens
from amazing_assets.delivery.serving.answers import classified, segments_of
from amazing_assets.delivery.serving.batching import Batches
from amazing_assets.delivery.serving.bodies import CSV, JSON, read_body, too_large, unpacked
from amazing_assets.delivery.serving.counted import Counts, Watched
from amazing_assets.delivery.serving.customers import known_customer
from amazing_assets.delivery.serving.keys import CLASSIFY, CUSTOMERS, SEGMENTS
from amazing_assets.delivery.serving.limits import Limits
from amazing_assets.delivery.serving.problems import PROBLEM, ProblemError, handle_problems

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import polars as pl

    from amazing_assets.delivery.serving.keys import KeyRing
    from amazing_assets.delivery.serving.state import Serving

# How long a champion waits at most before it answers.
_LOOK_SECONDS = 1.0

# Larger bodies are read beside the loop, so that nobody else waits for them.
_SMALL_BODY = 200_000

_DESCRIPTION = (
    "Raw events of any customers in, segment and next action out, as the batch tables have them. "
    "Nothing that is sent is kept or logged."
)
_OF_PROBLEM = {PROBLEM: {"schema": schemas.Problem.model_json_schema()}}
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"content": _OF_PROBLEM, "description": "What is wrong, and with which field."},
    "5XX": {"content": _OF_PROBLEM, "description": "What is wrong here."},
}


@dataclass(frozen=True)
class Service:
    """What the service is made of.

    Attributes:
        serving: Models and lake.
        ring: Who may ask.
        profiles: Returns `SegmentProfiles` made by a version of the model; None: there are none.
        limits: What is refused.
        counts: What is counted.
    """

    serving: Serving
    ring: KeyRing
    profiles: Callable[[str], pl.DataFrame | None]
    limits: Limits = field(default_factory=Limits)
    counts: Counts = field(default_factory=Counts)


def create_app(service: Service) -> FastAPI:
    """Return the service as an application of ASGI; it answers once it is started."""
    batches: list[Batches] = []

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        batches[:] = [Batches(service.serving.classify, service.limits)]
        await run_in_threadpool(service.serving.refresh)
        tasks = [asyncio.create_task(batches[0].work()), asyncio.create_task(_look(service))]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    # Scripts of its page are its own: a browser may have no other network.
    app = FastAPIOffline(
        static_url="/docs-files",
        title="amazing-assets",
        version=__version__,
        description=_DESCRIPTION,
        lifespan=running,
        responses=_PROBLEMS,
        redoc_url=None,
    )
    app.add_middleware(Watched, counts=service.counts)
    handle_problems(app, schemas.FIELDS)
    _classify_path(app, service, batches)
    _customer_paths(app, service)
    _operator_paths(app, service, batches)
    return app


async def _look(service: Service) -> None:
    """Take new champions as soon as they are promoted."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        await run_in_threadpool(service.serving.refresh)


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without references, for it stands alone in the page."""
    known = schema.pop("$defs", {})

    def put(part: Any) -> Any:  # noqa: ANN401  of any kind
        if isinstance(part, dict):
            return (
                put(known[part["$ref"].rpartition("/")[2]])
                if "$ref" in part
                else {k: put(v) for k, v in part.items()}
            )
        return [put(each) for each in part] if isinstance(part, list) else part

    found: dict[str, Any] = put(schema)
    return found


_REQUEST_BODY = {
    "requestBody": {
        "required": True,
        "description": "May be packed with gzip, and then says so in Content-Encoding.",
        "content": {
            JSON: {
                "schema": _inlined(schemas.ClassifyRequest.model_json_schema()),
                "example": schemas.EXAMPLE,
            },
            CSV: {"schema": {"type": "string", "description": "Lines of a landing file."}},
        },
    }
}


def _classify_path(app: FastAPI, service: Service, batches: list[Batches]) -> None:
    limits = service.limits

    @app.post(
        "/classify",
        dependencies=[Depends(opens(service.ring, CLASSIFY))],
        responses={200: {"model": schemas.ClassifyAnswer}},
        openapi_extra=_REQUEST_BODY,
    )
    async def classify(
        request: Request, reference_date: Annotated[date | None, Query()] = None
    ) -> Response:
        """Segment and next action of the customers of some events."""
        packed = await _body(request, limits)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        encoding = request.headers.get("content-encoding", "").strip().lower()

        def read() -> Any:  # noqa: ANN401  as below
            return read_body(unpacked(packed, encoding, limits), kind, reference_date, limits)

        asked = read() if len(packed) < _SMALL_BODY else await run_in_threadpool(read)
        answered = await batches[0].answer(asked)
        service.counts.customers(answered.customers)
        return _json(classified(answered))


async def _body(request: Request, limits: Limits) -> bytes:
    parts, size = [], 0
    try:
        async with asyncio.timeout(limits.seconds):
            async for part in request.stream():
                size += len(part)
                if size > limits.body_bytes:
                    raise too_large(limits)
                parts.append(part)
    except TimeoutError:
        raise ProblemError(408, "The body did not arrive in time; send it again.") from None
    return b"".join(parts)


def _customer_paths(app: FastAPI, service: Service) -> None:
    serving = service.serving

    @app.get(
        "/customers/{user_id}",
        dependencies=[Depends(opens(service.ring, CUSTOMERS))],
        responses={200: {"model": schemas.KnownCustomer}},
    )
    def customer(
        user_id: Annotated[int, Path(ge=-(2**63) + 1, le=2**63 - 1)],
        at: Annotated[
            date | None, Query(alias="date", description="Views up to this day; none: all.")
        ] = None,
    ) -> Response:
        """The customer view, with the newest scores."""
        known = known_customer(serving.lake, user_id, serving.key(), at)
        if known is None:
            raise ProblemError(404, "No customer view knows this customer on that day.")
        return _json(known)

    @app.get(
        "/segments",
        dependencies=[Depends(opens(service.ring, SEGMENTS))],
        responses={200: {"model": list[schemas.KnownSegment]}},
    )
    def segments() -> Response:
        """Names and profiles of the segments of the model in use."""
        champions = serving.champions
        if champions is None:
            raise ProblemError(503, "No segment model is in use yet.")
        profiles = service.profiles(champions.segments_version)
        return _json(segments_of(champions, profiles))


def _operator_paths(app: FastAPI, service: Service, batches: list[Batches]) -> None:
    serving = service.serving

    def versions() -> dict[str, str | None]:
        champions = serving.champions
        return champions.versions if champions else {"segments": None, "next_actions": None}

    @app.get("/health")
    async def health() -> dict[str, str]:
        """Whether the process lives."""
        return {"status": "alive"}

    @app.get("/ready")
    async def ready() -> dict[str, str]:
        """Whether customers can be classified."""
        if serving.champions is None:
            raise ProblemError(503, serving.fault or "The models are being read; ask again.")
        return {"status": "ready"}

    @app.get("/models", dependencies=[Depends(opens(service.ring, SEGMENTS))])
    async def models() -> dict[str, Any]:
        """The versions in use, and why a newer one is not."""
        return {"models": versions(), "fault": serving.fault}

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        text = service.counts.text(batches[0].open if batches else 0, versions())
        return Response(text, media_type="text/plain; version=0.0.4")


def _json(told: object) -> Response:
    return Response(json.dumps(told, default=str), media_type=JSON)
