"""`amazing papers`: what a data protection officer asks for, written from what holds today."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from amazing_assets.commands.arguments import Json
from amazing_assets.commands.export import parents
from amazing_assets.commands.terminal import print_json, print_line
from amazing_assets.defs.resources.stores import models_resource
from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE
from amazing_assets.defs.triggers.erased import MODELS, model_stores
from amazing_assets.language.language import LANGUAGES
from amazing_assets.models.store import ModelStore
from amazing_assets.privacy.papers.facts import Card, Facts
from amazing_assets.privacy.papers.files import write_papers
from amazing_assets.settings import Settings, load_settings

_CONTROLLER = "Who answers for the processing: name, address, data protection officer."

# Of a fact in a card: longer ones are documents of their own.
_LONGEST = 200


def papers(
    *,
    out: Annotated[
        Path | None, Parameter(help="Folder for the documents; papers in the home if not given.")
    ] = None,
    controller: Annotated[str, Parameter(help=_CONTROLLER)] = "",
    language: Annotated[Literal["fr", "en"] | None, Parameter(help="Both if not given.")] = None,
    json: Json = False,
) -> None:
    """Write record of processing, impact assessment, dictionary, model cards and procedure."""
    settings = load_settings()
    languages = [language] if language else list(LANGUAGES)
    written = write_papers(
        facts_of(settings, controller), out or settings.home / "papers", languages
    )
    if json:
        print_json({"Papers": [{"path": str(file)} for file in written]})
        return
    for file in written:
        print_line(str(file))


def facts_of(settings: Settings, controller: str = "") -> Facts:
    """Return what the documents are written from."""
    stores = model_stores(models_resource(settings))
    known, made_of = {store.model.name: store for store in stores}, parents()
    return Facts(
        today=datetime.now(UTC).date(),
        controller=controller,
        retention=settings.retention,
        holdout=settings.holdout,
        budget=settings.contact_budget,
        contracts={**LAKE, **WAREHOUSE},
        cards=[_card(model.name, made_of[model.asset], known.get(model.name)) for model in MODELS],
    )


def _card(name: str, reads: list[str], store: ModelStore | None) -> Card:
    version = store.champion() if store else None
    if store is None or version is None:
        return Card(name, reads)
    facts = {tag: value for tag, value in store.facts(version).items() if len(value) <= _LONGEST}
    return Card(name, reads, version, facts, store.figures(version))
