"""The models that answer, as their stores have them now."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from amazing_assets.customers.columns import zone_of
from amazing_assets.errors import PlainError
from amazing_assets.models.store import ModelStore
from amazing_assets.next_actions.registered import NEXT_ACTION_MODEL
from amazing_assets.segments.naming.given import called_today, given_names
from amazing_assets.segments.registered import SEGMENT_MODEL

if TYPE_CHECKING:
    from pathlib import Path

    from amazing_assets.language.language import Language
    from amazing_assets.next_actions.model import NextActionModel
    from amazing_assets.segments.model import SegmentModel
    from amazing_assets.segments.naming.given import GivenNames


class NoChampionError(PlainError):
    """Nobody can be classified, for no segment model is in use."""


@dataclass(frozen=True)
class Champions:
    """What answers, and by which version.

    Attributes:
        segments: Places customers.
        segments_version: Its registered version.
        next_actions: Tells what customers do next; None: none was promoted yet.
        next_actions_version: Its registered version; None as above.
        given: The names that people gave to segments.
    """

    segments: SegmentModel
    segments_version: str
    next_actions: NextActionModel | None = None
    next_actions_version: str | None = None
    given: GivenNames = field(default_factory=dict)

    def names(self, language: Language) -> dict[int, str]:
        """Return what the segments are called, by their numbers."""
        return {
            number: called_today(number, name, language, self.given)
            for number, name in self.segments.names.items()
        }

    @property
    def zone(self) -> str:
        """The time zone of the features that the segment model was fitted on."""
        return zone_of(self.segments.provenance.feature_version)

    @property
    def versions(self) -> dict[str, str | None]:
        """Which version of each registered model answers."""
        return {
            SEGMENT_MODEL.name: self.segments_version,
            NEXT_ACTION_MODEL.name: self.next_actions_version,
        }


@dataclass(frozen=True)
class ChampionStores:
    """Where the versions of both models are kept, and beside them the names that people gave."""

    segments: ModelStore
    next_actions: ModelStore
    artifacts: Path

    @classmethod
    def of(cls, tracking_uri: str, artifacts: Path) -> ChampionStores:
        """Return those of one MLflow.

        Args:
            tracking_uri: Of the store.
            artifacts: The folder for artefacts.
        """
        return cls(
            ModelStore(tracking_uri, artifacts.as_uri(), SEGMENT_MODEL),
            ModelStore(tracking_uri, artifacts.as_uri(), NEXT_ACTION_MODEL),
            artifacts,
        )

    def read(self, known: Champions | None = None) -> Champions:
        """Return the champions; what is known already is not read again.

        Raises:
            NoChampionError: There is no segment model in use.
            UnreadableModelError: One was stored by another version of the platform, or is damaged.
        """
        found, given = self._read(known), given_names(self.artifacts)
        return found if found.given == given else replace(found, given=given)

    def _read(self, known: Champions | None) -> Champions:
        # Imported here: scikit-learn takes seconds, and whoever only names a model does without.
        from amazing_assets.next_actions import stored as next_actions  # noqa: PLC0415
        from amazing_assets.segments import stored as segments  # noqa: PLC0415

        version, next_version = self.segments.champion(), self.next_actions.champion()
        if version is None:
            raise NoChampionError(
                "No segment model is the champion yet; `amazing run` trains the first."
            )
        versions = {SEGMENT_MODEL.name: version, NEXT_ACTION_MODEL.name: next_version}
        if known and known.versions == versions:
            return known
        is_same = known is not None and known.segments_version == version
        model = (
            known.segments
            if known and is_same
            else self.segments.read(version, segments.read_model)
        )
        if next_version is None:
            return Champions(model, version)
        is_same = known is not None and known.next_actions_version == next_version
        following = (
            known.next_actions
            if known and is_same
            else self.next_actions.read(next_version, next_actions.read_model)
        )
        return Champions(model, version, following, next_version)
