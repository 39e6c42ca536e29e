import re

import pytest

from amazing_assets.delivery.report.printing.index import index, language_of, latest, name_of
from amazing_assets.language.language import ENGLISH, FRENCH

WEB_UI = "http://127.0.0.1:3000"


@pytest.fixture
def reports(tmp_path):
    """Three months: the newest in French alone, and one with a further file."""
    written = {
        "2019-10": ("fr.html", "fr.pdf", "en.html", "en.pdf"),
        "2019-11": ("fr.html", "fr.pdf", "en.html", "en.pdf"),
        "2019-12": ("fr.html",),
    }
    for month, ends in written.items():
        (tmp_path / month).mkdir()
        for end in ends:
            (tmp_path / month / name_of(month, *end.split("."))).touch()
    (tmp_path / "2019-10" / "figures & more.pdf").touch()
    (tmp_path / "2019-11" / name_of("2019-11", "en", "html", "evidence")).touch()
    (tmp_path / ".2019-10.abc").mkdir()
    (tmp_path / "notes").mkdir()
    return tmp_path


def links(page):
    return re.findall(r'href="([^"]+)"', page)


def test_the_newest_report_comes_first_and_every_file_has_its_link(reports):
    assert links(index(reports, ENGLISH, WEB_UI)) == [
        "latest",
        "2019-12/segments-2019-12-fr.html",
        "2019-11/segments-2019-11-en.html",
        "2019-11/segments-2019-11-en.pdf",
        "2019-11/evidence-2019-11-en.html",
        "2019-11/segments-2019-11-fr.html",
        "2019-11/segments-2019-11-fr.pdf",
        "2019-10/segments-2019-10-en.html",
        "2019-10/segments-2019-10-en.pdf",
        "2019-10/figures%20%26%20more.pdf",
        "2019-10/segments-2019-10-fr.html",
        "2019-10/segments-2019-10-fr.pdf",
        WEB_UI,
    ]


def test_the_latest_is_that_of_the_language(reports):
    assert latest(reports, ENGLISH) == "2019-11/segments-2019-11-en.html"
    assert latest(reports, FRENCH) == "2019-12/segments-2019-12-fr.html"
    assert "The latest: November 2019" in index(reports, ENGLISH, None)
    assert "décembre 2019" in index(reports, FRENCH, None)


def test_before_the_first_report_the_page_says_so(tmp_path):
    page = index(tmp_path / "reports", ENGLISH, WEB_UI)
    assert "There is no report yet" in page
    assert links(page) == [WEB_UI]
    assert latest(tmp_path / "reports", ENGLISH) is None


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("de, en-GB;q=0.7, fr;q=0.3", "en"),
        ("tlh", "en"),
        ("", "en"),
    ],
)
def test_the_page_is_in_the_language_that_the_browser_asks_for(accepted, code):
    assert language_of(accepted).code == code
