"""Whose customers a home holds: generated ones or a marketplace's, never both.

The first files that are read decide it, and it is written down beside the key of the pseudonyms:
later the landing zone may have been emptied, or another one been named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.lake.storage import holds_partitions
from amazing_assets.landing.zone import LandingError

if TYPE_CHECKING:
    from pathlib import Path

    from amazing_assets.landing.zone import Zone

GENERATED, REAL = "generated", "real"

_FILE = "customers.txt"


def claim(home: Path, zone: Zone, lake: Path) -> None:
    """Write down whose customers a home holds, before the first of them is read into its lake.

    As long as the lake holds nobody, it may be decided anew.

    Raises:
        LandingError: It holds the others.
    """
    landing, held = GENERATED if zone.is_generated else REAL, origin_of(home, lake)
    if held not in {None, landing}:
        raise LandingError(
            f"{zone} holds {landing} customers and the home {home} {held} ones, which never share "
            f"a lake, a key or a model; set AMAZING_HOME to another folder."
        )
    file, said = home / _FILE, f"{landing}\n"
    if not file.exists() or file.read_text() != said:
        home.mkdir(parents=True, exist_ok=True)
        file.write_text(said)


def origin_of(home: Path, lake: Path) -> str | None:
    """Return whose customers a home holds; None if it holds nobody.

    A lake of before this was written down holds a marketplace's customers, as far as is known.
    """
    if not holds_partitions(lake):
        return None
    file = home / _FILE
    return file.read_text().strip() if file.exists() else REAL
