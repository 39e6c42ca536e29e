"""`amazing models`, `approve`, `rollback`: which version of each model is in use."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple

from cyclopts import Parameter
from rich.console import Console

from amazing_assets.churn.revenue.registered import FACTS as VALUE_FACTS
from amazing_assets.churn.revenue.registered import VALUE_MODEL
from amazing_assets.churn.risk.registered import CHURN_MODELS
from amazing_assets.churn.risk.registered import FACTS as CHURN_FACTS
from amazing_assets.commands.arguments import CommandError, Json
from amazing_assets.commands.terminal import print_rows
from amazing_assets.models import versions
from amazing_assets.models.store import ModelStore, RegisteredModel
from amazing_assets.next_actions.registered import NEXT_ACTION_MODEL
from amazing_assets.segments.registered import FACTS, SEGMENT_MODEL
from amazing_assets.settings import Settings, load_settings
from amazing_assets.small_cells import SOME_ARE_HIDDEN


class Told(NamedTuple):
    """What is told of a model.

    Attributes:
        model: As it is registered.
        facts: Of a version: the name of each, and the tag that holds it.
        follows: What a new champion does, and what does not follow by itself.
    """

    model: RegisteredModel
    facts: Mapping[str, str]
    follows: str


_ASSIGNS = (
    "assigns customers from now on. Months already assigned stay as they are.\n"
    "What describes the model is made again by\n"
    # No part of its training.
    "  amazing run --select 'key:segment_rules or key:segment_candidates'"
)
_ANSWERS = "answers from now on. Weeks already told of stay as they are."

TOLD = {
    told.model.name: told
    for told in (
        Told(SEGMENT_MODEL, FACTS, _ASSIGNS),
        Told(NEXT_ACTION_MODEL, {"model": "model", "customers": "customers"}, _ANSWERS),
        *(Told(model, CHURN_FACTS, _ANSWERS) for model in CHURN_MODELS.values()),
        Told(VALUE_MODEL, VALUE_FACTS, _ANSWERS),
    )
}

NO_MODEL = "There is no segment model yet; `amazing run` trains the first."

Of = Annotated[
    Literal[
        "segments",
        "next_actions",
        "churn_pause",
        "churn_cancel",
        "churn_reactivate",
        "customer_value",
    ],
    Parameter(help="Which model; the segment model if it is not said."),
]


def models(*, json: Json = False) -> None:
    """Print every version of every model: which is in use, what was decided, why."""
    settings = load_settings()
    require_models(settings)
    found = {
        f"Versions of the {told.model.noun}": [
            version.row for version in versions.versions(store_of(settings, told), told.facts)
        ]
        for told in TOLD.values()
    }
    tell_versions({title: rows for title, rows in found.items() if rows}, as_json=json)


def approve(
    version: str,
    *,
    by: Annotated[str, Parameter(help="Name of the person who agrees; it is kept.")],
    of: Of = "segments",
) -> None:
    """Let a version that waits for a person be used, although much changes by it."""
    settings, told = load_settings(), TOLD[of]
    require_models(settings)
    versions.approve(version, by, store_of(settings, told))
    tell_champion(version, told)


def rollback(version: str, *, of: Of = "segments") -> None:
    """Let an older version of a model be used again."""
    settings, told = load_settings(), TOLD[of]
    require_models(settings)
    versions.promote(version, store_of(settings, told))
    tell_champion(version, told)


def require_models(settings: Settings) -> None:
    """Refuse a home in which no model was ever trained.

    Raises:
        CommandError: It is one.
    """
    if not settings.has_model_store:
        raise CommandError(NO_MODEL)


def store_of(settings: Settings, told: Told) -> ModelStore:
    """Return where the versions of a model are."""
    return ModelStore(settings.mlflow_tracking_uri, settings.artifacts.as_uri(), told.model)


def tell_versions(found: Mapping[str, Sequence[dict[str, Any]]], *, as_json: bool) -> None:
    """Print the versions of models, then in sentences why and by whom it was decided.

    Raises:
        CommandError: There is none.
    """
    if not found:
        raise CommandError(NO_MODEL)
    if as_json:
        print_rows(found, as_json=True)
        return
    for title, rows in found.items():
        _tell(title, rows)
    known = [row for rows in found.values() for row in rows]
    if any(row["customers"] is None for row in known):
        Console(soft_wrap=True).print(SOME_ARE_HIDDEN, highlight=False)


def _tell(title: str, rows: Sequence[dict[str, Any]]) -> None:
    in_words = ("approved_by", "reasons")
    columns = [{k: v for k, v in row.items() if k not in in_words} for row in rows]
    print_rows({title: columns}, as_json=False)
    console = Console(soft_wrap=True)
    for row in rows:
        approved = f"approved by {row['approved_by']}." if row["approved_by"] else ""
        said = " ".join(filter(None, (row["reasons"], approved)))
        if said:
            console.print(f"Version {row['version']}: {said}", highlight=False, markup=False)


def tell_champion(version: str, told: Told) -> None:
    """Print which version is the champion now, and what does not follow by itself."""
    Console(soft_wrap=True).print(
        f"Version {version} {told.follows}", highlight=False, markup=False
    )
