"""A connection to a warehouse on a server, and what is said when there is none, or no more."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from amazing_assets.errors import quoted
from amazing_assets.warehouse.warehouse import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amazing_assets.places import Server

# A server that is away does not answer at all where a firewall drops what it is sent.
_PATIENCE_SECONDS = 10

# A load of minutes is silent, and routers forget who is silent for longer.
_KEEP_ALIVE_SECONDS = 30

# A month is exchanged in seconds: who holds a table for longer is no writer of ours.
LOCK_PATIENCE_SECONDS = 60.0

_HELD = "55P03"

# What no second attempt changes.
_REFUSALS = ("authentication", "password", "pg_hba", "does not exist", "permission denied")

# Digits with which a float is read back as what it was; Redshift sends fewer unless it is asked.
_ALL_DIGITS = "set extra_float_digits to 2"

# Two writers made the same schema, table or column at the same time, or read what the other wrote.
_RACES = ("23505", "42P06", "42P07", "42701", "40001", "40P01")
_RACES_IN_WORDS = ("concurrently updated", "Serializable isolation violation")


class ServerAwayError(WarehouseError):
    """The server does not answer, or the connection was cut: another attempt may do."""


def connect(server: Server, password: str | None, patience: float = LOCK_PATIENCE_SECONDS) -> Any:  # noqa: ANN401  psycopg2 is untyped
    """Return a connection whose transactions are the caller's: nothing is committed by itself.

    Args:
        server: The database.
        password: Of its user; None: the driver finds it, or none is asked for.
        patience: For how many seconds is waited for a table that others hold. Redshift has no
            such setting, and waits.

    Raises:
        ServerAwayError: The server does not answer.
        WarehouseError: It refuses us.
    """
    psycopg2 = _driver()
    address = "postgresql" + server.address.removeprefix(server.kind)
    try:
        connection = psycopg2.connect(
            address,
            **({"password": password} if password else {}),
            connect_timeout=_PATIENCE_SECONDS,
            keepalives_idle=_KEEP_ALIVE_SECONDS,
            application_name="amazing-assets",
        )
    except psycopg2.Error as error:
        said = _said(error)
        if any(word in said for word in _REFUSALS):
            raise WarehouseError(
                f"The warehouse {server} refuses us: {said}; correct AMAZING_WAREHOUSE, or the "
                f"rights of its user."
            ) from error
        raise ServerAwayError(
            f"The warehouse {server} does not answer: {said}; start it, or correct "
            f"AMAZING_WAREHOUSE and the network."
        ) from error
    with connection, connection.cursor() as cursor:
        cursor.execute(_ALL_DIGITS)
        if server.kind == "postgresql":
            cursor.execute(f"set lock_timeout to {round(1000 * patience)}")
    return connection


@contextmanager
def told(server: Server, table: str) -> Iterator[None]:
    """Say in one sentence what the server refuses.

    Raises:
        ServerAwayError: The connection was cut, or another writer was faster.
        WarehouseError: Anything else.
    """
    psycopg2 = _driver()
    try:
        yield
    except psycopg2.Error as error:
        said = _said(error)
        if error.pgcode == _HELD:
            raise ServerAwayError(
                f"Another session holds {table} in the warehouse {server}; end it, or wait until "
                f"it is done, and run again."
            ) from error
        if _may_do(error, psycopg2):
            raise ServerAwayError(
                f"The warehouse {server} let go of us at {table}: {said}; nothing was changed, run "
                f"again once it is there."
            ) from error
        raise WarehouseError(
            f"The warehouse {server} does not take {table}: {said}; nothing was changed, correct "
            f"that and run again."
        ) from error


def _may_do(error: Any, psycopg2: Any) -> bool:  # noqa: ANN401  as above
    is_lost = isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError)
    is_race = error.pgcode in _RACES or any(words in str(error) for words in _RACES_IN_WORDS)
    return is_lost or is_race


def _said(error: BaseException) -> str:
    """Return the first line of what the server says, which names no password."""
    line = str(error).strip().partition("\n")[0].rstrip(".;: ")
    return quoted(line, 200) or type(error).__name__


def _driver() -> Any:  # noqa: ANN401  as above
    try:
        import psycopg2  # noqa: PLC0415  only where a server is configured
    except ImportError:
        raise WarehouseError(
            "A warehouse on a server needs the extra `production`; install it with `pip install "
            "amazing-assets[production]`, or unset AMAZING_WAREHOUSE."
        ) from None
    return psycopg2
