"""Which version of the segment model assigns customers: who may decide it, and what was decided."""

from typing import Any, NamedTuple

from amazing_assets.models.promotion import MAJOR, REFUSED, PromotionError
from amazing_assets.models.store import CHAMPION, REGISTERED, client, quietly

# Tags of a version: what was decided of it, why, and who agreed.
DECISION, REASONS, APPROVED_BY = "decision", "reasons", "approved_by"


class Version(NamedTuple):
    """What is registered about a version.

    Attributes:
        version: Its number.
        alias: `champion` assigns customers, `challenger` waits or was the last to be promoted;
            none of both for most.
        candidate: Way of grouping.
        segments: How many.
        customers: On how many it was fitted; None if older than this was kept.
        threshold: Events from which it claims a segment.
        decision: `promoted`, `major` (a person decides) or `refused`.
        approved_by: The person who agreed to it.
        reasons: Of the decision, in sentences.
    """

    version: str
    alias: str
    candidate: str
    segments: int | None
    customers: int | None
    threshold: int | None
    decision: str
    approved_by: str
    reasons: str


@quietly()
def versions(tracking_uri: str) -> list[Version]:
    """Return every version that was published, the newest first."""
    mlflow_client = client(tracking_uri)
    models = mlflow_client.search_registered_models(f"name = '{REGISTERED}'")
    aliases = models[0].aliases if models else {}
    return [
        described(each, aliases)
        for each in sorted(published(mlflow_client), key=lambda each: -int(each.version))
    ]


def described(registered_version: Any, aliases: dict[str, Any]) -> Version:  # noqa: ANN401 - imported late
    """Return what is told of a version."""
    number, tags = str(registered_version.version), registered_version.tags
    named = ", ".join(sorted(alias for alias, of in aliases.items() if str(of) == number))
    reasons = tags.get(REASONS, "")
    return Version(
        version=number,
        alias=named,
        candidate=tags.get("candidate", ""),
        segments=whole(tags.get("k")),
        customers=whole(tags.get("customers")),
        threshold=whole(tags.get("threshold")),
        decision=tags.get(DECISION, ""),
        approved_by=tags.get(APPROVED_BY, ""),
        reasons="" if reasons == "none" else reasons,
    )


def whole(tag: str | None) -> int | None:
    """Return the number that a tag holds."""
    return int(tag) if tag else None


@quietly()
def promote(version: str, tracking_uri: str) -> None:
    """Make a version the champion; rolling back is promoting an older one.

    Raises:
        PromotionError: There is no such version, it was refused, or it awaits approval.
    """
    mlflow_client = client(tracking_uri)
    tags = accepted(version, mlflow_client)
    if tags.get(DECISION) == MAJOR and APPROVED_BY not in tags:
        raise PromotionError(f"Version {version} awaits approval by a person: {tags[REASONS]}")
    mlflow_client.set_registered_model_alias(REGISTERED, CHAMPION, version)


def approve(version: str, person: str, tracking_uri: str) -> None:
    """Record that a person agrees to a version with other segments, and make it the champion.

    Raises:
        PromotionError: There is no such version, it was refused, or nobody is named.
    """
    if not person.strip():
        raise PromotionError(f"Say who approves version {version}.")
    with quietly():
        mlflow_client = client(tracking_uri)
        accepted(version, mlflow_client)
        mlflow_client.set_model_version_tag(REGISTERED, version, APPROVED_BY, person.strip())
    promote(version, tracking_uri)


def accepted(version: str, mlflow_client: Any) -> dict[str, str]:  # noqa: ANN401 - imported late
    """Return the tags of a version.

    Raises:
        PromotionError: There is no such version, or it was refused.
    """
    tags: dict[str, str] = registered(version, mlflow_client).tags
    if tags.get(DECISION) == REFUSED:
        raise PromotionError(f"Version {version} was refused: {tags[REASONS]}")
    return tags


def registered(version: str, mlflow_client: Any) -> Any:  # noqa: ANN401 - mlflow is imported late
    """Return what is registered about a version.

    Raises:
        PromotionError: There is no such version.
    """
    known = published(mlflow_client)
    found = [each for each in known if str(each.version) == version]
    if not found:
        numbers = ", ".join(sorted((str(each.version) for each in known), key=int)) or "none"
        raise PromotionError(
            f"There is no version {version} of the segment model; known: {numbers}."
        )
    return found[0]


def published(mlflow_client: Any) -> list[Any]:  # noqa: ANN401 - mlflow is imported late
    """Return every version of the segment model."""
    return list(mlflow_client.search_model_versions(f"name = '{REGISTERED}'"))
