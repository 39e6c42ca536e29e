"""How much one request, and all of them together, may ask for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What is refused before it is worked on.

    Attributes:
        body_bytes: Of a request, unpacked.
        customers: In one request.
        events: In one request.
        waiting: Requests that wait for an answer at a time; of more each is sent away.
        seconds: Until a request is given up, its body or its answer.
        batch_milliseconds: Who comes no later than so after another is computed with it.
        batch_events: Of about so many events a batch is full.
    """

    body_bytes: int = 8_000_000
    customers: int = 500
    events: int = 50_000
    waiting: int = 256
    seconds: float = 10.0
    batch_milliseconds: float = 2.0
    batch_events: int = 20_000
