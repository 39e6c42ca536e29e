"""Versions of models whose life is over: none that is in use, that waits, or is the newest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from amazing_assets.privacy.retention.removal import Outlived

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amazing_assets.models.store import ModelStore
    from amazing_assets.privacy.retention.lives import Lives


@dataclass(frozen=True)
class Models:
    """The versions of every model."""

    stores: Sequence[ModelStore]

    def outlived(self, lives: Lives) -> Sequence[Outlived]:
        """Return the versions that are over."""
        if lives.bound("models") is None:
            return []
        return [
            Outlived("models", store.model.name, str(version.version), 1)
            for store in self.stores
            for version in _unused(store)
            if lives.is_over_since("models", _made(version))
        ]

    def remove(self, found: Sequence[Outlived]) -> None:
        """Remove versions and their files."""
        stores = {store.model.name: store for store in self.stores}
        for each in found:
            stores[each.what].remove(each.key)


def _unused(store: ModelStore) -> Iterator[Any]:
    versions = sorted(store.versions(), key=lambda each: int(each.version))
    called = {str(version) for version in store.aliases().values()}
    # The number of the newest would otherwise be given again, to another one.
    yield from (each for each in versions[:-1] if str(each.version) not in called)


def _made(version: Any) -> Any:  # noqa: ANN401  MLflow is imported late
    return datetime.fromtimestamp(version.creation_timestamp / 1000, UTC).date()
