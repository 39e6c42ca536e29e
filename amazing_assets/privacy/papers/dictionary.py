"""The data dictionary: every column with its purpose, legal basis and life."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.delivery.report.blocks import Paragraph, Section, Table
from amazing_assets.privacy.papers.purposes import PURPOSE_OF_TABLES, PURPOSES
from amazing_assets.privacy.papers.statements import breakable, contract, held_by, setting, words
from amazing_assets.privacy.retention.lives import LIFE_OF_TABLES
from amazing_assets.warehouse.described import about, descriptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amazing_assets.language.language import Language
    from amazing_assets.privacy.papers.facts import Facts


def dictionary(facts: Facts, language: Language) -> list[Section]:
    """Return the chapters: what letters mean, then a table of columns for each table."""
    opening = Section(
        "how",
        language.say("papers.dictionary.how.title"),
        (Paragraph(language.say("papers.dictionary.how")), purposes(language)),
    )
    tables = (_table(facts, language, name) for name in _in_order(facts))
    return [opening, *tables]


def purposes(language: Language) -> Table:
    """Return what data are processed for, on what grounds, in which tables."""
    rows = tuple(
        (
            f"{each.letter} · {language.say(f'papers.purpose.{each.name}.lead')}",
            language.say(f"papers.purpose.{each.name}"),
            basis(each.basis, language),
            ", ".join(each.tables),
        )
        for each in PURPOSES
    )
    return words(
        language,
        "papers.purposes.caption",
        ("purpose", "statement", "basis", "tables"),
        rows,
        language.say("papers.purposes.proposed"),
    )


def lives(facts: Facts, language: Language) -> Table:
    """Return how long what is kept lives."""
    names = dict.fromkeys(LIFE_OF_TABLES.values())
    rows = (
        *(
            (
                name,
                ", ".join(table for table, life in LIFE_OF_TABLES.items() if life == name),
                facts.life(name, language),
            )
            for name in names
        ),
        *(
            (name, language.say(f"papers.life.{name}"), facts.life(name, language))
            for name in ("models", "reports", "logs", "runs")
        ),
    )
    return words(
        language,
        "papers.lives.caption",
        ("kept", "what", "life"),
        rows,
        held_by((setting("AMAZING_RETENTION"),), language),
    )


def basis(article: str, language: Language) -> str:
    """Return a legal basis in words; that nobody is concerned where there is none."""
    if not article:
        return language.say("papers.nobody")
    return language.say("papers.article", article=article)


def _in_order(facts: Facts) -> Iterator[str]:
    known = [table for purpose in PURPOSES for table in purpose.tables]
    yield from (table for table in known if table in facts.contracts)


def _table(facts: Facts, language: Language, name: str) -> Section:
    described, purpose = facts.contracts[name], PURPOSE_OF_TABLES[name]
    life = facts.life(LIFE_OF_TABLES.get(name), language)
    article = purpose.basis or language.say("papers.none")
    rows = tuple(
        (breakable(column), breakable(language.meaning(text)), purpose.letter, article, life)
        for column, text in descriptions(described).items()
    )
    heads = ("column", "meaning", "purpose", "basis", "life")
    table = Table(
        name,
        tuple(language.say(f"papers.column.{head}") for head in heads),
        rows,
        held_by((contract(name), setting("AMAZING_RETENTION")), language),
        words=2,
    )
    opening = Paragraph(language.meaning(about(described)))
    return Section(f"table-{name}", name, (opening, table), apart=False)
