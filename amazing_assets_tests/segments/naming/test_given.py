import pytest

from amazing_assets.language.language import ENGLISH, FRENCH
from amazing_assets.segments.contract import PROVISIONAL
from amazing_assets.segments.naming.codes import Name
from amazing_assets.segments.naming.given import (
    Given,
    NamingError,
    called_today,
    give_name,
    given_names,
    take_back,
)

BROWSERS = Given("Curieux", "Browsers", "Ada Lovelace", "2019-11-02")
REGULARS = Given("Habitués", "Regulars", "Grace Hopper", "2019-11-03")


def test_a_name_is_kept_until_it_is_taken_back(tmp_path):
    give_name(tmp_path / "models", 4, BROWSERS)
    give_name(tmp_path / "models", 1, REGULARS)
    assert given_names(tmp_path / "models") == {1: REGULARS, 4: BROWSERS}
    take_back(tmp_path / "models", 4)
    assert given_names(tmp_path / "models") == {1: REGULARS}


def test_where_nobody_gave_a_name_there_is_none(tmp_path):
    assert given_names(tmp_path) == {}
    with pytest.raises(NamingError, match=r"^Nobody has given segment 4 a name that"):
        take_back(tmp_path, 4)


def test_a_reader_is_told_the_given_name_in_the_own_language_and_else_that_of_the_platform():
    name = Name("foxes", status=PROVISIONAL)
    assert called_today(4, name, FRENCH, {4: BROWSERS}) == "Curieux"
    assert called_today(4, name, ENGLISH, {4: BROWSERS}) == "Browsers"
    assert called_today(4, name, ENGLISH, {1: REGULARS}) == "Foxes (provisional name)"
    assert called_today(None, Name("beavers"), ENGLISH, {4: BROWSERS}) == "Beavers"


@pytest.mark.parametrize(
    "name", ["", " ", "4x4", "<b>", "a" * 31, "#let", "a\nb", "$x$", "a_b", "a*b*", "a//b"]
)
def test_a_name_that_something_could_not_show_is_refused(tmp_path, name):
    with pytest.raises(NamingError, match="is no name that charts and pages can show"):
        give_name(tmp_path, 4, BROWSERS._replace(french=name))
    assert given_names(tmp_path) == {}


@pytest.mark.parametrize(
    "name", ["Élégants d'hiver", "Très-pressés", "Clients d\N{RIGHT SINGLE QUOTATION MARK}or"]
)
def test_letters_of_every_language_make_a_name(tmp_path, name):
    give_name(tmp_path, 4, BROWSERS._replace(french=name))
    assert given_names(tmp_path)[4].french == name


def test_two_segments_never_have_one_name(tmp_path):
    give_name(tmp_path, 4, BROWSERS)
    with pytest.raises(NamingError, match=r"^Segment 4 is called browsers already"):
        give_name(tmp_path, 1, REGULARS._replace(english="browsers"))
    give_name(tmp_path, 4, BROWSERS._replace(by="Grace Hopper"))
    assert given_names(tmp_path)[4].by == "Grace Hopper"


def test_nobody_gives_a_name_without_saying_who(tmp_path):
    with pytest.raises(NamingError, match=r"^Say with --by who calls segment 4 Curieux\.$"):
        give_name(tmp_path, 4, BROWSERS._replace(by=" "))
