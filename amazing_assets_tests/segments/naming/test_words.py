import numpy as np
import pytest

from amazing_assets.language.language import ENGLISH, FRENCH, LANGUAGES
from amazing_assets.segments.clustering.rfm import RULES
from amazing_assets.segments.contract import SegmentAssignments
from amazing_assets.segments.naming.codes import NUMBERED, RESERVE, Name
from amazing_assets.segments.naming.names import PROTOTYPES, TRAITS, named
from amazing_assets.segments.naming.words import called, no_segment, word

CODES = [*PROTOTYPES, *RESERVE, *NUMBERED, *(rule.code for rule in RULES), "undifferentiated"]


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_code_that_may_be_given_has_a_word_of_its_own(language):
    words = [word(code, language) for code in CODES]
    assert not set(words) & set(CODES) - {"promising", "asleep", "undifferentiated"}
    assert len(set(words)) == len(CODES)
    traits = [trait for pair in TRAITS for trait in pair]
    assert len({language.say(f"trait.{trait}") for trait in traits}) == len(traits)


@pytest.mark.parametrize(
    ("name", "french", "english"),
    [
        (Name("beavers"), "Castors", "Beavers"),
        (Name("lion", status="provisional"), "Lion (nom provisoire)", "Lions (provisional name)"),
        (
            Name("wolves", ("thrifty", "loyal"), "reserve"),
            "Loup (économe, fidèle)",
            "Wolves (thrifty, loyal)",
        ),
        (
            Name("stags_2", ("recent", "loyal"), "reserve"),
            "Cerf 2 (récent, fidèle)",
            "Stags 2 (recent, loyal)",
        ),
        (Name("valuable_at_risk"), "précieux à risque", "valuable, at risk"),
        (Name("Les fidèles du samedi"), "Les fidèles du samedi", "Les fidèles du samedi"),
    ],
)
def test_a_name_is_said_in_either_language(name, french, english):
    assert (called(name, FRENCH), called(name, ENGLISH)) == (french, english)


def test_names_that_are_given_differ_in_words_as_in_codes():
    crowd = np.random.default_rng(0).normal(scale=4, size=(12, 7))
    names = named(np.vstack([list(PROTOTYPES.values())[:3], crowd]))
    assert {name.status for name in names} == {"settled", "provisional", "reserve"}
    assert len({called(name, FRENCH) for name in names}) == len(names)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_reason_for_no_segment_has_words(language):
    reasons = SegmentAssignments.to_schema().columns["reason"].checks[0].statistics
    told = {no_segment(reason, language) for reason in reasons["allowed_values"]}
    assert len(told) == 3
