"""Model cards: what each model is for, what it reads, what it was measured by, who decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.delivery.report.blocks import Block, Paragraph, Section, Table
from amazing_assets.privacy.papers.statements import (
    Chapter,
    Statement,
    breakable,
    contract,
    held_by,
    proven,
    setting,
    words,
)

if TYPE_CHECKING:
    from amazing_assets.language.language import Language
    from amazing_assets.privacy.papers.facts import Card

CHAPTERS = (
    Chapter(
        "all_models",
        (
            Statement("serve", (contract("segment_assignments"), contract("churn_scores"))),
            Statement("never"),
            Statement(
                "chosen",
                (
                    proven(
                        "models/test_promotion.py", "one_decision_says_what_happens_to_a_new_model"
                    ),
                    proven("segments/training/test_refit.py", "other_segments_wait_for_a_person"),
                ),
            ),
            Statement("checked", (contract("churn_feedback"), contract("segment_drift"))),
            Statement(
                "stored",
                (
                    proven(
                        "models/test_archive.py",
                        "no_file_holds_the_path_of_a_module_or_a_pickle",
                    ),
                ),
            ),
            Statement(
                "small",
                (
                    proven(
                        "segments/training/test_sizes.py",
                        "neither_card_nor_tags_tell_of_a_few_customers",
                    ),
                ),
            ),
            Statement(
                "learnt",
                (
                    setting("AMAZING_RETRAIN"),
                    proven(
                        "commands/test_forget.py",
                        "the_account_says_what_went_and_names_nobody",
                    ),
                ),
            ),
        ),
    ),
)


def card(told: Card, language: Language) -> Section:
    """Return the chapter of a model."""
    blocks: list[Block] = [Paragraph(language.say(f"papers.model.{told.name}"))]
    reads = held_by(tuple(map(contract, told.reads)), language)
    blocks.append(Paragraph(reads, lead=language.say("papers.reads")))
    if told.version is None:
        blocks.append(Paragraph(language.say("papers.no_version")))
    else:
        source = language.say("papers.registry", name=told.name, version=told.version)
        facts = tuple(sorted(told.facts.items()))
        blocks.append(words(language, "papers.facts", ("fact", "value"), facts, source))
        blocks += _figures(told, language, source)
    title = language.say(f"papers.model.{told.name}.title")
    return Section(f"model-{told.name}", title, tuple(blocks), apart=False)


def _figures(told: Card, language: Language, source: str) -> list[Block]:
    rows = tuple(
        (breakable(name), language.number(value, 3)) for name, value in sorted(told.figures.items())
    )
    heads = tuple(language.say(f"papers.column.{head}") for head in ("figure", "value"))
    return [Table(language.say("papers.figures"), heads, rows, source)] if rows else []
