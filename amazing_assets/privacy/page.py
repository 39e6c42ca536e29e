"""What is held on a customer, as a page for the customer; it asks nothing of any network."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amazing_assets.language.language import Language
    from amazing_assets.privacy.decisions import Decision
    from amazing_assets.privacy.holdings import Holdings, Item

_SENTENCES = (
    "access.title",
    "access.is_erased",
    "access.objects",
    "access.nothing",
    "access.rights",
    "access.decided",
    "access.nothing_decided",
    "access.why",
    "access.requests",
    "access.held",
    "access.held_how",
)

_RIGHTS = (
    "access.right_object",
    "access.right_erase",
    "access.right_correct",
    "access.right_complain",
)

# Wider rows are set one value below the other.
_MOST_COLUMNS = 12


def to_page(held: Holdings, decided: Sequence[Decision], language: Language) -> str:
    """Return the page, with every row that is held."""
    environment = Environment(
        loader=PackageLoader("amazing_assets.privacy", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2").render(
        held=held,
        decided=decided,
        text={key.partition(".")[2]: language.say(key) for key in _SENTENCES},
        rights=[language.say(key) for key in _RIGHTS],
        intro=language.say("access.intro", user_id=held.user_id, pseudonym=held.pseudonym),
        source=partial(_source, language=language),
        made_of=partial(_made_of, language=language),
        language=language,
        is_wide=_is_wide,
        shown=partial(_shown, language=language),
    )


def _is_wide(item: Item) -> bool:
    return len(item.columns) > _MOST_COLUMNS


def _source(decision: Decision, language: Language) -> str:
    return language.say(
        "access.source",
        table=decision.table,
        partition=decision.partition,
        version=decision.model_version,
    )


def _made_of(item: Item, language: Language) -> str:
    return language.say("access.made_of", tables=", ".join(item.made_of))


def _shown(value: Any, language: Language) -> str:  # noqa: ANN401  of any column
    if value is None:
        return language.number(None)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
