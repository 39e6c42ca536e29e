"""The copy of the warehouse that everybody may read, or views on a server, as a run ends.

Of runs that follow one another in one process it is made now and then, and once they are over.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from pathlib import Path

import dagster as dg

from amazing_assets.defs.resources.servers import server_writer
from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE, WEEKLY_TABLES
from amazing_assets.delivery.readable.contracts import Contracts
from amazing_assets.delivery.readable.copy import ReadableCopy
from amazing_assets.delivery.readable.served import ServedViews
from amazing_assets.fault_log import told
from amazing_assets.lake.engine import LocalEngine
from amazing_assets.lake.table import Lake
from amazing_assets.locations import location_of
from amazing_assets.places import Server
from amazing_assets.segments.naming.given import given_names
from amazing_assets.settings import Settings

# So long whoever reads may wait for what a run of many has made. Of a hundred short ones each made
# a copy of a fifth of a second, twice looked for.
NOW_AND_THEN_SECONDS = 30.0


@dataclass
class _Series:
    """Runs that follow one another: how often they make a copy, and what waits for the next."""

    seconds: float
    next_at: float = 0.0
    waiting: "CopiedFrom | None" = None

    def begin(self) -> bool:
        """Begin a copy, if it is time for one: then the next is not for a while."""
        if time.monotonic() < self.next_at:
            return False
        self.next_at, self.waiting = time.monotonic() + self.seconds, None
        return True


_series: ContextVar[_Series | None] = ContextVar("series", default=None)


@contextmanager
def one_copy(warn: Callable[[str], None], seconds: float = NOW_AND_THEN_SECONDS) -> Iterator[None]:
    """Have the runs of this thread make a copy no more often than that, and one at the end."""
    series = _Series(seconds)
    before = _series.set(series)
    try:
        yield
    finally:
        _series.reset(before)
        if series.waiting:
            series.waiting.refresh(warn)


class CopiedFrom(dg.Config):
    """What the copy shows, or the views of a server."""

    # A DuckDB file; empty: it is on a server.
    warehouse: str
    lake: str
    models: str
    # What is no secret of it, as `places.Server` has it.
    server: dict[str, str] = {}  # noqa: RUF012  a field of pydantic's, copied for each

    def refresh(self, warn: Callable[[str], None]) -> None:
        """Make the copy anew; a run has done its work, and does not fail where that cannot be."""
        series = _series.get()
        if series and not series.begin():
            series.waiting = self
        else:
            self.refresh_at_once(warn)

    def refresh_at_once(self, warn: Callable[[str], None]) -> None:
        """Make the copy anew whatever follows: whom it shows may have asked to be forgotten."""
        try:
            self._copy(warn).refresh()
        except Exception as error:  # noqa: BLE001  whatever it is
            left = (
                "The views of the warehouse stay as they were."
                if self.server
                else "The copy of the warehouse stays as it was."
            )
            warn(f"{left} {told(error)}")

    def _copy(self, tell: Callable[[str], None]) -> ReadableCopy | ServedViews:
        lake = Lake(location_of(self.lake), None, LocalEngine(), LAKE)
        contracts = Contracts(LAKE, WAREHOUSE, WEEKLY_TABLES)
        given = given_names(Path(self.models))
        if self.server:
            writer = server_writer(Server(**self.server), tell)
            return ServedViews(writer, lake, contracts, given)
        return ReadableCopy(Path(self.warehouse), lake, contracts, given)


def copied_from(settings: Settings) -> CopiedFrom:
    """Return what the copy of a home shows, or the views of its server."""
    place = settings.warehouse
    is_served = isinstance(place, Server)
    return CopiedFrom(
        warehouse="" if is_served else str(place),
        lake=str(settings.lake),
        models=str(settings.artifacts),
        server=asdict(place) if isinstance(place, Server) else {},
    )
