"""From a refit to the registry: published, promoted, kept waiting for a person, or dropped."""

from amazing_assets.customers.columns import FEATURE_VERSION
from amazing_assets.segments.promotion import PROMOTED, REFUSED
from amazing_assets.segments.refit import Refit
from amazing_assets.segments.registry import (
    CHALLENGER,
    REGISTERED,
    champion,
    client,
    publish,
    quietly,
)
from amazing_assets.segments.versions import DECISION, REASONS, promote, registered


def release(refit: Refit, tracking_uri: str, artifact_location: str) -> str | None:
    """Publish a refit as its verdict says.

    Promoted, it is the champion; otherwise it is called `challenger` and the champion stays. What
    passed no gate is not published beside a champion.

    Returns:
        The version; None if nothing was published.
    """
    verdict = refit.verdict
    if refit.model.alert and champion(tracking_uri) is not None:
        return None
    tags = {
        "feature_version": FEATURE_VERSION,
        DECISION: verdict.decision,
        REASONS: " ".join(verdict.reasons) or "none",
        **{name: str(round(value, 4)) for name, value in refit.contest.figures.items()},
    }
    version = publish(refit.model, tracking_uri, artifact_location, tags)
    keep_succession(refit, version, tracking_uri)
    if verdict.decision == PROMOTED:
        promote(version, tracking_uri)
    return version


@quietly()
def keep_succession(refit: Refit, version: str, tracking_uri: str) -> None:
    """Store with a version what became of the segments before it, and call it the challenger."""
    mlflow_client = client(tracking_uri)
    if refit.succession is not None:
        run = registered(version, mlflow_client).run_id
        mlflow_client.log_text(run, refit.succession.write_csv(), "succession.csv")
    if refit.verdict.decision != REFUSED:
        mlflow_client.set_registered_model_alias(REGISTERED, CHALLENGER, version)
