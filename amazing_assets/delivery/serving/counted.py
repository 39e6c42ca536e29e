"""What is counted of requests, for Prometheus, and told of them in the log: no id, no body."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from amazing_assets.delivery.serving.problems import ProblemError, tell_fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOGGER = logging.getLogger("amazing_assets.service")

# What is asked for where there is nothing; its own name may hold anything.
_NOWHERE = "(no such path)"

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10)


class Counts:
    """The figures of one service."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        told: dict[str, Any] = {"namespace": "amazing", "registry": self._registry}
        self._requests = Counter(
            "requests", "Requests by path and status.", ("path", "status"), **told
        )
        self._seconds = Histogram(
            "request_seconds", "From request to answer.", ("path",), buckets=_SECONDS, **told
        )
        self._customers = Counter(
            "customers", "Customers answered, by what for.", ("outcome",), **told
        )
        self._open = Gauge("requests_open", "Requests that wait for their batch.", **told)
        self._models = Gauge("model", "1: the version is in use.", ("model", "version"), **told)

    def request(self, path: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self._requests.labels(path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def customers(self, answers: pl.DataFrame) -> None:
        """Count the customers of an answer: with a segment, or why without."""
        outcomes = answers["reason"].fill_null("segment").value_counts()
        for outcome, number in outcomes.iter_rows():
            self._customers.labels(outcome).inc(number)

    def text(self, waiting: int, versions: Mapping[str, str | None]) -> bytes:
        """Return all figures as Prometheus reads them."""
        self._open.set(waiting)
        self._models.clear()
        for model, version in versions.items():
            if version is not None:
                self._models.labels(model, version).set(1)
        return generate_latest(self._registry)


class Watched:
    """Counts every request and logs one line of it; what nobody foresaw is a problem, untold."""

    def __init__(self, app: ASGIApp, counts: Counts) -> None:
        self._app, self._counts = app, counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"cache-control", b"no-store")]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001  whatever it is, its words may quote a body
            tell_fault(error)
            if not status:
                problem = ProblemError(500, "Something went wrong here; the log says where.")
                await problem.response(scope, receive, watched)
        path = getattr(scope.get("route"), "path", _NOWHERE)
        seconds = time.perf_counter() - begun
        self._counts.request(path, status, seconds)
        _LOGGER.info("%s %s %d %.1f ms", scope["method"], path, status, 1000 * seconds)
