"""The segment model in use, for the assets that cannot be made without one."""

from typing import TYPE_CHECKING

import dagster as dg

from amazing_assets.defs.resources.stores import ModelsResource
from amazing_assets.defs.tables.publish import plain_failures
from amazing_assets.segments.registered import SEGMENT_MODEL

if TYPE_CHECKING:
    from amazing_assets.segments.training.published import Published

NO_CHAMPION = "No segment model is the champion yet; materialize segment_model first."


def champion_of(models: ModelsResource) -> "Published":
    """Return what is in use.

    Raises:
        Failure: Nothing is, or it cannot be read.
    """
    # Imported here: scikit-learn and MLflow take seconds, and definitions load without them.
    from amazing_assets.segments.training import publication  # noqa: PLC0415

    with plain_failures():
        champion = publication.champion(models.of(SEGMENT_MODEL))
    if champion is None:
        raise dg.Failure(NO_CHAMPION, allow_retries=False)
    return champion
