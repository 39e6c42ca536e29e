"""`amazing retention`: what is older than it may be kept is removed, or shown beforehand."""

from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter

from amazing_assets.commands.arguments import Json
from amazing_assets.commands.terminal import print_json, print_line, print_table, program, tell
from amazing_assets.defs.resources.privacy import lives_of, privacy_resource
from amazing_assets.defs.resources.stores import models_resource, open_lake
from amazing_assets.defs.triggers.erased import model_stores
from amazing_assets.defs.triggers.removal import keepers, refuse_beside_runs
from amazing_assets.privacy.retention.lives import Lives
from amazing_assets.privacy.retention.removal import Outlived, outlived, remove
from amazing_assets.runs.instance import open_instance
from amazing_assets.settings import load_settings

_DRY_RUN = "Show what would be removed, and remove nothing."

# The terminal shows so many keys of a table; programs get all.
_SHOWN = 6


def retention(
    *,
    dry_run: Annotated[bool, Parameter(help=_DRY_RUN, negative="")] = False,
    json: Json = False,
) -> None:
    """Remove what is older than AMAZING_RETENTION lets it be kept; --dry-run shows what that is."""
    settings = load_settings()
    lives = lives_of(settings)
    stores = privacy_resource(settings).open(open_lake(settings), tell)
    models = model_stores(models_resource(settings))
    with open_instance(settings) as instance:
        everything = keepers(stores, models, instance)
        if dry_run:
            found = outlived(everything, lives)
        else:
            refuse_beside_runs(instance)
            found = remove(stores, everything, lives)
    tell_outcome(lives, found, dry_run=dry_run, as_json=json)


def tell_outcome(lives: Lives, found: Sequence[Outlived], *, dry_run: bool, as_json: bool) -> None:
    """Print what was, or would be, removed."""
    if as_json:
        print_json({"To remove" if dry_run else "Removed": [each._asdict() for each in found]})
        return
    if not lives.months:
        print_line("Nothing has a life: AMAZING_RETENTION names nothing, and everything is kept.")
        return
    if found:
        print_table(
            "To remove" if dry_run else "Removed", ("what", "which", "amount"), _rows(found)
        )
    if dry_run and found:
        print_line(f"`{program()} retention` removes it.")
    elif dry_run:
        print_line("Nothing is older than it may be kept.")
    else:
        print_line("The ledger keeps what was removed; everything else may be kept.")


def _rows(found: Sequence[Outlived]) -> list[tuple[str, str, int]]:
    tables: dict[str, list[Outlived]] = {}
    for each in found:
        tables.setdefault(each.what, []).append(each)
    return [(name, _which(of), sum(each.amount for each in of)) for name, of in tables.items()]


def _which(found: Sequence[Outlived]) -> str:
    keys = [each.key.rpartition("/")[2] for each in found]
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    return f"{', '.join(keys[:_SHOWN])}{more}"
