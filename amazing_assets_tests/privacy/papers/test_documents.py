"""The papers: every statement is held by something that is there, and every column is told."""

import ast
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

import amazing_assets_tests
from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE
from amazing_assets.delivery.report.blocks import Table
from amazing_assets.language.language import ENGLISH, FRENCH, LANGUAGES
from amazing_assets.privacy.papers.documents import CHAPTERS, paper
from amazing_assets.privacy.papers.facts import Card, Facts
from amazing_assets.privacy.papers.files import write_papers
from amazing_assets.privacy.papers.purposes import PURPOSE_OF_TABLES
from amazing_assets.privacy.papers.risks import RISKS
from amazing_assets.privacy.retention.lives import LIFE_OF_TABLES
from amazing_assets.variables import NAMES

TESTS = Path(amazing_assets_tests.__file__).parent
TABLES = {**LAKE, **WAREHOUSE}
FACTS = Facts(
    today=date(2026, 11, 26),
    controller="Shop Ltd, dpo@shop.example",
    retention={"raw_events": 24, "runs": 1},
    holdout=0.05,
    budget=1000,
    contracts=TABLES,
    cards=[
        Card("segments", ["user_features"], "3", {"decision": "promoted"}, {"fidelity": 0.97}),
        Card("churn_pause", ["customer_view"]),
    ],
)

STATEMENTS = [
    (key, chapter.name, each)
    for key, chapters in CHAPTERS.items()
    for chapter in chapters
    for each in chapter.statements
]
SOURCES = sorted({source for _, _, each in STATEMENTS for source in each.sources})


def named_in(file):
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


KNOWN = {
    "setting": lambda name: name in NAMES,
    "contract": lambda name: name in TABLES,
    "test": lambda name: name.partition("::")[2] in named_in(name.partition("::")[0]),
}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_what_holds_a_statement_is_there(source):
    assert KNOWN[source.kind](source.name)


@pytest.mark.parametrize(
    ("key", "chapter", "each"), STATEMENTS, ids=lambda value: getattr(value, "name", value)
)
def test_a_statement_names_on_the_page_what_holds_it_or_that_the_controller_does(
    key, chapter, each
):
    section = next(part for part in paper(key, FACTS, ENGLISH).sections if part.key == chapter)
    lead = ENGLISH.say(f"papers.{chapter}.{each.name}.lead")
    (held,) = (row[2] for block in section.blocks for row in block.rows if row[0] == lead)
    names = [source.name for source in each.sources] or ["For the controller"]
    assert [name for name in names if name not in held.replace("\N{ZERO WIDTH SPACE}", "")] == []


def test_every_risk_to_persons_and_society_is_graded_with_a_reason_the_heaviest_first():
    told = {(name, each.name) for key, name, each in STATEMENTS if name in {"persons", "society"}}
    assert {(each.chapter, each.name) for each in RISKS} == told
    section = next(
        part for part in paper("assessment", FACTS, ENGLISH).sections if part.key == "risks"
    )
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    assert [cells for cells in table.rows if not all(cells)] == []
    grades = [[int(cell.split()[0]) for cell in cells[1:4]] for cells in table.rows]
    assert {grade for severity, likelihood, _ in grades for grade in (severity, likelihood)} <= {
        *range(1, 5)
    }
    levels = [level for _, _, level in grades]
    assert levels == [severity * likelihood for severity, likelihood, _ in grades]
    assert levels == sorted(levels, reverse=True)


def test_every_table_has_a_purpose_and_what_is_about_customers_a_legal_basis():
    assert PURPOSE_OF_TABLES.keys() == TABLES.keys()
    without = {table for table, purpose in PURPOSE_OF_TABLES.items() if not purpose.basis}
    assert not without & LIFE_OF_TABLES.keys()


def columns_told(language=ENGLISH):
    for section in paper("dictionary", FACTS, language).sections[1:]:
        (table,) = (block for block in section.blocks if isinstance(block, Table))
        for column, meaning, *rest in table.rows:
            plain = column.replace("\N{ZERO WIDTH SPACE}", "")
            yield (section.title, plain), (meaning, *rest)


def test_the_dictionary_tells_of_every_column_what_it_is_what_for_on_what_grounds_and_how_long():
    told = dict(columns_told())
    assert told.keys() == {
        (name, column) for name, each in TABLES.items() for column in each.to_schema().columns
    }
    assert [cells for cells in told.values() if not all(cells)] == []
    assert told["raw_events", "user_id"][1:] == ("A", "6(1)(f)", "24 months")
    assert told["churn_scores", "probability"][1:] == ("D", "6(1)(f)", "no limit")
    assert told["event_statistics", "value"][1:] == ("F", "none needed", "no limit")


def test_the_french_dictionary_says_in_french_what_columns_are():
    told = dict(columns_told(FRENCH))
    assert told["clean_events", "user_id"][0] == "Le pseudonyme du client."
    english = {place for place, cells in columns_told() if cells[0] == told[place][0]}
    # A formula is one in both.
    assert {column for _, column in english} == {"trend_2m_5m"}


def test_a_life_that_is_not_set_is_told_as_missing_until_it_is():
    missing = ENGLISH.say("papers.lives.missing")
    assert missing in text_of(paper("record", FACTS, ENGLISH))
    assert "1 month" in text_of(paper("record", FACTS, ENGLISH))


def text_of(report):
    return "\n".join(map(repr, report.sections))


def test_a_card_tells_the_version_in_use_with_its_figures_or_that_there_is_none():
    told = text_of(paper("models", FACTS, ENGLISH))
    assert "'decision', 'promoted'" in told
    assert "'fidelity', '0.970'" in told
    assert "No version is in use yet." in told


def test_every_document_is_a_page_and_a_print_in_every_language(tmp_path):
    written = write_papers(FACTS, tmp_path)
    assert len(written) == len(set(written)) == len(CHAPTERS) * len(LANGUAGES) * 2
    page = (tmp_path / "assessment-fr.html").read_text(encoding="utf-8")
    assert "Endettement des ménages" in page
    assert 'href="requests-fr.html"' in page
    assert "http" not in page.partition("<body>")[2].replace("HTTP", "")
    printed = "".join(each.extract_text() for each in PdfReader(tmp_path / "record-en.pdf").pages)
    assert "Shop Ltd" in printed
    assert "AMAZING" in printed
