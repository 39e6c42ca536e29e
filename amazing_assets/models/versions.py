"""Which version of a model is in use: who may decide it, and what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from amazing_assets.models.library import quietly
from amazing_assets.models.promotion import MAJOR, REFUSED, PromotionError
from amazing_assets.models.store import CHAMPION, stored_readably

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amazing_assets.models.store import ModelStore

# Tags of a version: what was decided of it, why, and who agreed.
DECISION, REASONS, APPROVED_BY = "decision", "reasons", "approved_by"


class Version(NamedTuple):
    """What is registered about a version.

    Attributes:
        version: Its number.
        alias: `champion` is in use, `challenger` waits or was the last to be promoted; none of
            both for most.
        facts: What its room wants told of it.
        decision: `promoted`, `major` (a person decides) or `refused`.
        approved_by: The person who agreed to it.
        reasons: Of the decision, in sentences.
    """

    version: str
    alias: str
    facts: dict[str, str | int | None]
    decision: str
    approved_by: str
    reasons: str

    @property
    def row(self) -> dict[str, object]:
        """The version as a row of a table."""
        known = self._asdict()
        facts = known.pop("facts")
        front = {name: known.pop(name) for name in ("version", "alias")}
        return {**front, **facts, **known}


def versions(store: ModelStore, told: Mapping[str, str]) -> list[Version]:
    """Return every version that was published, the newest first.

    Args:
        store: Where they are kept.
        told: Further facts: the name of each, and the tag that holds it.
    """
    aliases = store.aliases()
    newest_first = sorted(store.versions(), key=lambda each: -int(each.version))
    return [_described(each, aliases, told) for each in newest_first]


def _described(
    registered: Any,  # noqa: ANN401 - mlflow is imported late
    aliases: Mapping[str, str],
    told: Mapping[str, str],
) -> Version:
    number, tags = str(registered.version), registered.tags
    named = ", ".join(sorted(alias for alias, of in aliases.items() if str(of) == number))
    reasons = tags.get(REASONS, "")
    return Version(
        version=number,
        alias=named,
        facts={name: _value(tags.get(tag)) for name, tag in told.items()},
        decision=tags.get(DECISION, ""),
        approved_by=tags.get(APPROVED_BY, ""),
        reasons="" if reasons == "none" else reasons,
    )


def _value(tag: str | None) -> str | int | None:
    return int(tag) if tag and tag.isdecimal() else tag


def promote(version: str, store: ModelStore) -> None:
    """Make a version the champion; rolling back is promoting an older one.

    Raises:
        PromotionError: There is no such version, it was refused, or it awaits approval.
    """
    tags = _accepted(version, store)
    if tags.get(DECISION) == MAJOR and APPROVED_BY not in tags:
        raise PromotionError(f"Version {version} awaits approval by a person: {tags[REASONS]}")
    call(version, CHAMPION, store)


@quietly()
def call(version: str, alias: str, store: ModelStore) -> None:
    """Give an alias to a version; whichever had it before loses it."""
    store.client().set_registered_model_alias(store.model.name, alias, version)


def approve(version: str, person: str, store: ModelStore) -> None:
    """Record that a person agrees to a version, and make it the champion.

    Raises:
        PromotionError: There is no such version, it was refused, or nobody is named.
    """
    if not person.strip():
        raise PromotionError(f"Say who approves version {version}.")
    _accepted(version, store)
    with quietly():
        name, approved = store.model.name, person.strip()
        store.client().set_model_version_tag(name, version, APPROVED_BY, approved)
    promote(version, store)


def _accepted(version: str, store: ModelStore) -> dict[str, str]:
    known = registered(version, store)
    tags: dict[str, str] = known.tags
    if not stored_readably(known):
        raise PromotionError(store.unreadable(version))
    if tags.get(DECISION) == REFUSED:
        raise PromotionError(f"Version {version} was refused: {tags[REASONS]}")
    return tags


def registered(version: str, store: ModelStore) -> Any:  # noqa: ANN401 - mlflow is imported late
    """Return what MLflow knows of a version.

    Raises:
        PromotionError: There is no such version.
    """
    known = store.versions()
    found = [each for each in known if str(each.version) == version]
    if not found:
        numbers = ", ".join(sorted((str(each.version) for each in known), key=int)) or "none"
        raise PromotionError(
            f"There is no version {version} of the {store.model.noun}; known: {numbers}."
        )
    return found[0]
