"""The key that a request brings, and whether it opens what is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from amazing_assets.delivery.serving.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from amazing_assets.delivery.serving.keys import KeyRing

_BEARER = HTTPBearer(auto_error=False, description="The key, as Authorization: Bearer.")
_HEADER = APIKeyHeader(name="X-API-Key", auto_error=False, description="The key, as it is.")


def opens(ring: KeyRing, scope: str) -> Callable[..., Awaitable[None]]:
    """Return what lets requests pass whose key has a scope.

    Args:
        ring: The keys that are valid.
        scope: As `keys.SCOPES` has it.
    """

    # Within the loop: to hand it to a thread would take longer than to do it.
    async def check(
        bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)] = None,
        header: Annotated[str | None, Security(_HEADER)] = None,
    ) -> None:
        given = bearer.credentials if bearer else header
        key = ring.find(given) if given else None
        if key is None:
            raise ProblemError(
                401,
                "Send a valid key as Authorization: Bearer, or as X-API-Key.",
                headers={"WWW-Authenticate": "Bearer"},
            )
        if scope not in key.scopes:
            raise ProblemError(403, f"This key does not open that; ask for one of scope {scope}.")

    return check
