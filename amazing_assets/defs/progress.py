"""Progress of long computations, as lines in a run's log."""

import dagster as dg

from amazing_assets.progress import Progress


def logged(context: dg.AssetExecutionContext) -> Progress:
    """Return a listener that writes each report into the run's log."""
    return lambda done, total, text: context.log.info("%d of %d: %s", done, total, text)
