"""What a selection selects: the grammar of the web UI, and no other.

`AssetSelection.from_string` answers what that grammar refuses in an older one, in which
`+user_features` means one layer; on the page a `+` means all ancestors. The parser of the current
grammar alone has no public name.
"""

import dagster as dg

from amazing_assets.defs.dagster_private import AntlrAssetSelectionParser, AssetGraph
from amazing_assets.errors import UsageError

_EXAMPLE = (
    "write it as in the web UI, like key:user_features, +key:user_features for all it is made of, "
    "or group:events"
)


def selected(selection: str, graph: AssetGraph) -> set[dg.AssetKey]:
    """Return the assets to make for a selection; what is made in one step comes together.

    Args:
        selection: In the web UI's grammar, `*` for everything.
        graph: All assets.

    Raises:
        UsageError: The selection is not understood, or selects nothing that can be made.
    """
    try:
        parsed = AntlrAssetSelectionParser(selection, include_sources=True).asset_selection
        chosen = parsed.required_multi_asset_neighbors().resolve(graph)
    except Exception:  # noqa: BLE001  the parser raises nothing more precise
        raise UsageError(f"The selection {selection!r} is not understood; {_EXAMPLE}.") from None
    found = {key for key in chosen if graph.get(key).is_materializable}
    if not found:
        raise UsageError(
            f"The selection {selection!r} selects no asset that can be made; {_EXAMPLE}."
        )
    return found
