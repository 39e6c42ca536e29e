"""Reading a catalogue: what it lacks, and what is none."""

import pytest
from babel.messages.pofile import PoFileError

from amazing_assets.language.catalogue import UnknownSentenceError, read_catalogue
from amazing_assets.language.language import FRENCH


@pytest.mark.parametrize("values", [{}, {"count": 2}])
def test_a_sentence_that_is_not_there_is_an_error_that_names_it(values):
    with pytest.raises(UnknownSentenceError, match=r"^fr\.po has no sentence 'never\.said'"):
        FRENCH.say("never.said", **values)


def test_a_count_for_a_sentence_without_forms_is_an_error():
    with pytest.raises(UnknownSentenceError, match="with forms for one and for several"):
        FRENCH.say("page.title", count=2, name="Lions")


def test_a_catalogue_with_a_line_that_is_none_is_refused(tmp_path):
    file = tmp_path / "fr.po"
    file.write_text('msgid "report.contents"\nmsgtsr "Sommaire"\n', encoding="utf-8")
    with pytest.raises(PoFileError, match="misformatted keyword"):
        read_catalogue(file)


def test_a_sentence_that_waits_for_a_translator_is_not_said(tmp_path):
    file = tmp_path / "fr.po"
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    entry = '#, fuzzy\nmsgid "report.contents"\nmsgstr "Contenu"\n'
    file.write_text(header + entry, encoding="utf-8")
    with pytest.raises(UnknownSentenceError):
        read_catalogue(file).gettext("report.contents")
