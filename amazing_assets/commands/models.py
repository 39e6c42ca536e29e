"""`amazing models`, `approve`, `rollback`: which version of the segment model assigns customers."""

from collections.abc import Sequence
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console

from amazing_assets.commands.arguments import CommandError, Json
from amazing_assets.commands.terminal import print_rows
from amazing_assets.models import versions
from amazing_assets.models.store import ModelStore
from amazing_assets.segments.registered import FACTS, SEGMENT_MODEL
from amazing_assets.settings import Settings, load_settings
from amazing_assets.small_cells import SOME_ARE_HIDDEN

# Assets that describe the champion and are no part of its training.
DESCRIBING = "key:segment_rules or key:segment_candidates"

NO_MODEL = "There is no segment model yet; `amazing run` trains the first."


def models(*, json: Json = False) -> None:
    """Print every version of the segment model: which assigns customers, what was decided, why."""
    store = model_store(load_settings())
    tell_versions([version.row for version in versions.versions(store, FACTS)], as_json=json)


def approve(
    version: str,
    *,
    by: Annotated[str, Parameter(help="Name of the person who agrees; it is kept.")],
) -> None:
    """Let a version that waits for a person assign customers, although many change segment."""
    versions.approve(version, by, model_store(load_settings()))
    tell_champion(version)


def rollback(version: str) -> None:
    """Let an older version of the segment model assign customers again."""
    versions.promote(version, model_store(load_settings()))
    tell_champion(version)


def model_store(settings: Settings) -> ModelStore:
    """Return where the versions of the segment model are.

    Raises:
        CommandError: There is no version yet.
    """
    if not settings.has_model_store:
        raise CommandError(NO_MODEL)
    return ModelStore(settings.mlflow_tracking_uri, settings.artifacts.as_uri(), SEGMENT_MODEL)


def tell_versions(found: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    """Print the versions of the segment model, then in sentences why and by whom it was decided.

    Raises:
        CommandError: There is none.
    """
    if not found:
        raise CommandError(NO_MODEL)
    title = "Versions of the segment model"
    if as_json:
        print_rows({title: found}, as_json=True)
        return
    in_words = ("approved_by", "reasons")
    columns = [{k: v for k, v in row.items() if k not in in_words} for row in found]
    print_rows({title: columns}, as_json=False)
    console = Console(soft_wrap=True)
    for row in found:
        approved = f"approved by {row['approved_by']}." if row["approved_by"] else ""
        said = " ".join(filter(None, (row["reasons"], approved)))
        if said:
            console.print(f"Version {row['version']}: {said}", highlight=False, markup=False)
    if any(row["customers"] is None for row in found):
        console.print(SOME_ARE_HIDDEN, highlight=False)


def tell_champion(version: str) -> None:
    """Print which version is the champion now, and what does not follow by itself."""
    Console(soft_wrap=True).print(
        f"Version {version} assigns customers from now on. Months already assigned stay as they "
        "are.\nWhat describes the model is made again by\n"
        f"  amazing run --select '{DESCRIBING}'",
        highlight=False,
        markup=False,
    )
