"""The catalogues: complete, asked for, and set in type as their language wants."""

import re
import tomllib
from pathlib import Path

import pytest

from amazing_assets.language.language import CATALOGUES, LANGUAGES, MEANINGS
from amazing_assets_tests.language.sentences import (
    MODULES,
    PACKAGE,
    WRONG_IN_FRENCH,
    Vocabulary,
    asked,
    entries,
    forms,
    places,
)

CODES = sorted(LANGUAGES)


def sentences(code):
    """Each form of each sentence with its key."""
    return [(key, form) for key, message in entries(code).items() for form in forms(message)]


def test_every_language_has_a_catalogue_and_every_catalogue_a_language():
    assert sorted(file.stem for file in CATALOGUES.iterdir()) == CODES


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_the_same_sentences_in_the_same_order(code):
    assert list(entries(code)) == list(entries("en"))


@pytest.mark.parametrize("code", CODES)
def test_a_count_chooses_the_form_in_every_language_or_in_none(code):
    counted = {key for key, message in entries(code).items() if message.pluralizable}
    assert counted == {key for key, message in entries("en").items() if message.pluralizable}


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_places_for_the_same_values(code):
    english = {key: set.union(*map(places, forms(each))) for key, each in entries("en").items()}
    # The form for one may leave the number out: "the only habit".
    values = {key: set.union(*map(places, forms(each))) for key, each in entries(code).items()}
    assert values == english


@pytest.mark.parametrize("code", CODES)
def test_no_sentence_is_empty_or_waits_for_a_translator(code):
    assert not [key for key, form in sentences(code) if not form.strip()]
    assert not [key for key, message in entries(code).items() if message.fuzzy]


@pytest.mark.parametrize("code", CODES)
def test_a_key_is_told_once(code):
    keys = re.findall(r'^msgid "(.+)"$', catalogue(code), re.MULTILINE)
    assert sorted(keys) == sorted(set(keys))
    assert len(keys) == len(entries(code))


@pytest.mark.parametrize("code", CODES)
def test_nothing_obsolete_is_kept(code):
    assert "#~" not in catalogue(code)


def catalogue(code):
    return Path(CATALOGUES / f"{code}.po").read_text(encoding="utf-8")


def test_a_wheel_takes_every_catalogue_along():
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    taken = project["tool"]["setuptools"]["package-data"]["amazing_assets.language"]
    found = {file for each in taken for file in (PACKAGE / "language").glob(each)}
    assert found == {*CATALOGUES.iterdir(), *MEANINGS.iterdir()}


def test_whoever_writes_a_count_into_a_sentence_lets_it_choose_the_form():
    counted = [key for key, form in sentences("en") if "count" in places(form)]
    assert counted
    assert not [key for key in counted if not entries("en")[key].pluralizable]


def test_every_sentence_that_the_package_asks_for_is_there():
    questions, known = list(asked()), entries("en")
    assert len(questions) > 100
    assert not [each for each in questions if not any(map(each.key.fullmatch, known))]


def test_sentences_are_asked_for_with_a_count_where_they_have_forms_for_it():
    known = entries("en")
    whole = [
        (each, known[each.key.pattern.replace("\\", "")]) for each in asked() if not each.key.groups
    ]
    assert len(whole) > 100
    assert not [each.where for each, message in whole if each.has_count != message.pluralizable]


def test_every_key_in_a_list_of_the_report_is_there():
    families = {key.split(".")[0] for key in entries("en")}
    texts = Vocabulary(tree for file, tree in MODULES.items() if "chapters" in file.parts).texts
    keys = [
        text
        for text in texts
        if re.fullmatch(r"\w+(\.\w+)+", text) and text.split(".")[0] in families
    ]
    assert "drift.item" in keys
    assert set(keys) <= set(entries("en"))


def test_every_sentence_is_asked_for_by_somebody():
    vocabulary = Vocabulary(MODULES.values())
    assert not [key for key in entries("en") if not vocabulary.writes(key)]


def test_a_sentence_that_nobody_asks_for_would_be_found():
    assert not Vocabulary(MODULES.values()).writes("summary.never_asked_for")


@pytest.mark.parametrize("fault", WRONG_IN_FRENCH)
def test_french_is_set_as_french(fault):
    assert not [key for key, form in sentences("fr") if re.search(WRONG_IN_FRENCH[fault], form)]


def test_english_has_no_straight_quotation_marks_and_no_space_before_a_sign():
    assert not [key for key, form in sentences("en") if re.search(r"['\"]|\s[:;!?%]", form)]
