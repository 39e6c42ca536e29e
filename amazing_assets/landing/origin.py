"""Whose customers a home holds: generated ones or a marketplace's, never both.

The first files that are read decide it, and it is written down beside the key of the pseudonyms:
later the landing zone may have been emptied, or another one been named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.lake.sides import side_of
from amazing_assets.landing.zone import LandingError

if TYPE_CHECKING:
    from pathlib import Path

    from amazing_assets.landing.zone import Zone
    from amazing_assets.locations import Location

GENERATED, REAL = "generated", "real"

_FILE = "customers.txt"


class Origin(NamedTuple):
    """Whose customers they are.

    Attributes:
        kind: Generated or real.
        world: Of generated ones, which world; None of real ones, and where it is not known.
    """

    kind: str
    world: str | None = None


def claim(home: Path, zone: Zone, lake: Location) -> None:
    """Write down whose customers a home holds, before the first of them is read into its lake.

    As long as the lake holds nobody, it may be decided anew.

    Raises:
        LandingError: It holds the others, or those of another generated world.
    """
    manifest = zone.manifest()
    landing = Origin(GENERATED, manifest.world) if manifest else Origin(REAL)
    held = origin_of(home, lake)
    if held and held.kind != landing.kind:
        raise LandingError(
            f"{zone} holds {landing.kind} customers and the home {home} {held.kind} ones, which "
            f"never share a lake, a key or a model; set AMAZING_HOME to another folder."
        )
    if held and held.world and held.world != landing.world:
        raise LandingError(
            f"{zone} holds another generated world than the one that the home {home} was made of, "
            f"and a report is never made of two; set AMAZING_HOME to another folder."
        )
    _write_down(home, landing)


def _write_down(home: Path, origin: Origin) -> None:
    file, said = home / _FILE, " ".join(filter(None, origin)) + "\n"
    if not file.exists() or file.read_text() != said:
        home.mkdir(parents=True, exist_ok=True)
        file.write_text(said)


def origin_of(home: Path, lake: Location) -> Origin | None:
    """Return whose customers a home holds; None if it holds nobody.

    A lake of before this was written down holds a marketplace's customers, as far as is known.
    """
    if not side_of(lake).holds_partitions(lake):
        return None
    file = home / _FILE
    return Origin(*file.read_text().split()[:2]) if file.exists() else Origin(REAL)


def refuse_real(home: Path, lake: Location) -> None:
    """Refuse a home of real customers, before a world is generated into it.

    Raises:
        LandingError: It is one.
    """
    held = origin_of(home, lake)
    if held and held.kind == REAL:
        raise LandingError(
            f"The home {home} holds real customers; give the generated ones a folder outside of it."
        )
