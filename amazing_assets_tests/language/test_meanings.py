"""What tables and columns are, in French: all of it, and nothing that no table says any more."""

import re

import pytest

from amazing_assets.defs.tables.contracts import LAKE, WAREHOUSE
from amazing_assets.language.language import ENGLISH, FRENCH, MEANINGS
from amazing_assets.warehouse.described import about, descriptions
from amazing_assets_tests.language.sentences import WRONG_IN_FRENCH, entries, forms

CONTRACTS = (*LAKE.values(), *WAREHOUSE.values())

SAID = {
    text
    for contract in CONTRACTS
    for text in (about(contract), *descriptions(contract).values())
    if text
}

WRITTEN = {key: forms(message)[0] for key, message in entries("fr", MEANINGS).items()}


def test_every_meaning_of_a_contract_is_told_in_french():
    assert sorted(SAID - WRITTEN.keys()) == []


def test_no_meaning_is_kept_that_no_contract_has():
    assert sorted(WRITTEN.keys() - SAID) == []


def test_codes_are_those_of_the_contract():
    codes = {key: set(re.findall("`[^`]+`", key)) for key in WRITTEN}
    assert {key: set(re.findall("`[^`]+`", text)) for key, text in WRITTEN.items()} == codes


@pytest.mark.parametrize("fault", WRONG_IN_FRENCH)
def test_meanings_are_set_as_french_is(fault):
    assert [text for text in WRITTEN.values() if re.search(WRONG_IN_FRENCH[fault], text)] == []


def test_what_nobody_has_translated_is_told_as_the_contract_has_it():
    assert FRENCH.meaning("The customer's pseudonym.") == "Le pseudonyme du client."
    assert ENGLISH.meaning("The customer's pseudonym.") == "The customer's pseudonym."
    assert FRENCH.meaning("Not translated yet.") == "Not translated yet."
    assert FRENCH.meaning("") == ""
