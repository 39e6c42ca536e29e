"""Whose customers a home holds: generated ones or a marketplace's, never both.

The first files that are read decide it, and it is written down beside the key of the pseudonyms:
later the landing zone may have been emptied, or another one been named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.landing.zone import LandingError

if TYPE_CHECKING:
    from pathlib import Path

    from amazing_assets.landing.zone import Zone

GENERATED, REAL = "generated", "real"

_FILE = "customers.txt"


def claim(home: Path, zone: Zone) -> None:
    """Write down whose customers a home holds, before the first of them is read into its lake.

    Raises:
        LandingError: It holds the others.
    """
    file, landing = home / _FILE, GENERATED if zone.is_generated else REAL
    held = file.read_text().strip() if file.exists() else None
    if held is None:
        home.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{landing}\n")
    elif held != landing:
        raise LandingError(
            f"{zone} holds {landing} customers and the home {home} {held} ones, which never share "
            f"a lake, a key or a model; set AMAZING_HOME to another folder."
        )
