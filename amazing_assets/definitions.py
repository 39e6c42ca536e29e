"""Everything that Dagster loads: the module that workspace.yaml and [tool.dg] name."""

from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """Return all assets, checks and resources, found under `defs/`."""
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
