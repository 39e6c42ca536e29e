"""The five documents, in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.delivery.report.blocks import (
    Block,
    Bullets,
    Notice,
    Paragraph,
    Report,
    Section,
)
from amazing_assets.privacy.papers import assessment, cards, record, requests
from amazing_assets.privacy.papers.dictionary import dictionary, lives, purposes
from amazing_assets.privacy.papers.risks import risks
from amazing_assets.privacy.papers.statements import chapters_told, undecided
from amazing_assets.quantities import RETAINED

if TYPE_CHECKING:
    from amazing_assets.language.language import Language
    from amazing_assets.privacy.papers.facts import Facts
    from amazing_assets.privacy.papers.statements import Chapter

# The chapters of statements of each; a dictionary has none.
CHAPTERS: dict[str, tuple[Chapter, ...]] = {
    "record": record.CHAPTERS,
    "assessment": assessment.CHAPTERS,
    "dictionary": (),
    "models": cards.CHAPTERS,
    "requests": requests.CHAPTERS,
}


def papers(facts: Facts, language: Language) -> list[Report]:
    """Return every document."""
    return [paper(key, facts, language) for key in CHAPTERS]


def paper(key: str, facts: Facts, language: Language) -> Report:
    """Return a document."""
    return Report(
        key=key,
        language=language.code,
        title=language.say(f"papers.{key}.title"),
        subtitle=language.say(f"papers.{key}.subtitle"),
        provenance=language.say(
            "papers.provenance",
            day=f"{language.day(facts.today.isoformat())} {facts.today.year}",
            controller=facts.values(language)["controller"],
        ),
        sections=tuple(_sections(key, facts, language)),
    )


def _sections(key: str, facts: Facts, language: Language) -> list[Section]:
    chapters = CHAPTERS[key]
    told = [
        Section(name, title, blocks, apart=False)
        for name, title, blocks in chapters_told(chapters, facts.values(language), language)
    ]
    if key == "dictionary":
        return dictionary(facts, language)
    if key == "record":
        told[1:1] = [_one("purposes", language, purposes(language))]
        told.append(_one("lives", language, *_lives(facts, language)))
    if key == "assessment":
        told.append(risks(language))
    if key == "models":
        told += [cards.card(each, language) for each in facts.cards]
    return [_opening(key, facts, language), *told]


def _one(name: str, language: Language, *blocks: Block) -> Section:
    return Section(name, language.say(f"papers.{name}.title"), blocks, apart=False)


def _lives(facts: Facts, language: Language) -> list[Block]:
    """Return how long everything is kept, and that a life which is not set has to be."""
    missing = Notice(language.say("papers.lives.missing"))
    are_all_set = set(RETAINED) <= facts.retention.keys()
    return [lives(facts, language), *([] if are_all_set else [missing])]


def _opening(key: str, facts: Facts, language: Language) -> Section:
    """Return how the document is to be read, and what is left to the controller."""
    said = {language.say("papers.who.controller.lead")} if facts.controller else set()
    left = (each for each in undecided(CHAPTERS[key], language) if each not in said)
    return Section(
        "opening",
        language.say(f"papers.{key}.opening.title"),
        (
            Paragraph(language.say(f"papers.{key}.opening")),
            Notice(language.say("papers.left")),
            Bullets(tuple(map(Paragraph, left))),
        ),
    )
