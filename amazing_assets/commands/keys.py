"""`amazing api-key`: who may ask the HTTP service for what."""

from typing import Annotated

from cyclopts import Parameter

from amazing_assets.commands.arguments import CommandError
from amazing_assets.commands.terminal import print_line
from amazing_assets.delivery.serving.keys import SCOPES, add_key, remove_keys
from amazing_assets.settings import load_settings

Scopes = Annotated[
    list[str], Parameter(help=f"What the key opens: {', '.join(SCOPES)}.", negative="")
]


def api_key(
    name: str,
    *,
    scope: Scopes | None = None,
    revoke: Annotated[
        bool, Parameter(help="Take away the keys of this name, the newest included.", negative="")
    ] = False,
    revoke_older: Annotated[
        bool, Parameter(help="Take away all keys of this name but the newest.", negative="")
    ] = False,
) -> None:
    """Make a key for the HTTP service, or take keys away; a running service knows at once."""
    file = load_settings().api_keys
    if revoke or revoke_older:
        gone = remove_keys(file, name, but_newest=not revoke)
        if not gone:
            raise CommandError(f"There is no such key of {name}.")
        print_line(f"{gone} of {name} open nothing any more.")
        return
    print_line(add_key(file, name, scope or ()))
