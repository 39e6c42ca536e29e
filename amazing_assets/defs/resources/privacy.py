"""Everything that a home holds of customers, as a configured resource."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg

from amazing_assets.defs.resources.readable import CopiedFrom, copied_from
from amazing_assets.lake.table import Lake
from amazing_assets.privacy.stores import Stores
from amazing_assets.settings import Settings


class PrivacyResource(dg.ConfigurableResource[Stores]):
    """Where customers are, and where they ask."""

    home: str
    warehouse: str
    lists: str
    requests: str
    landing: str
    copied: CopiedFrom | None = None

    def open(self, lake: Lake, warn: Callable[[str], None]) -> Stores:
        """Return all that is searched for a customer."""
        not_ours = [Path(self.requests)]
        if "://" not in self.landing:
            not_ours.append(Path(self.landing))
        copied = self.copied
        return Stores(
            Path(self.home),
            lake,
            Path(self.warehouse),
            self.lists,
            tuple(not_ours),
            lambda: copied.refresh(warn) if copied else None,
        )


def privacy_resource(settings: Settings) -> PrivacyResource:
    """Return what the settings name."""
    return PrivacyResource(
        home=str(settings.home),
        warehouse=str(settings.warehouse),
        lists=settings.lists,
        requests=str(settings.requests),
        landing=settings.landing,
        copied=copied_from(settings),
    )
