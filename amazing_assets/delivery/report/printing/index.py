"""The page that lists all reports, the newest first, made of the folder when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from amazing_assets.dates import is_month
from amazing_assets.language.language import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from amazing_assets.language.language import Language

_PACKAGE = "amazing_assets.delivery.report.printing"


# What is written of a month, in the order in which it is read.
DOCUMENTS = ("segments", "evidence")
KINDS = ("html", "pdf")


class _Month(NamedTuple):
    name: str
    # What a file is called, and its name.
    files: tuple[tuple[str, str], ...]


def name_of(month: str, language: str, kind: str, document: str = "segments") -> str:
    """Return the name of a file of the report, as `segments-2019-10-fr.pdf`."""
    return f"{document}-{month}-{language}.{kind}"


def words_of(document: str, kind: str, language: Language) -> str:
    """Return what a link to a file of the report is called."""
    return language.say(f"index.{document}.{kind}")


def index(folder: Path, language: Language, web_ui: str | None) -> str:
    """Return the page.

    Args:
        folder: Of all reports.
        language: Of the page; reports of every language are listed.
        web_ui: Address of Dagster's web UI, to go back there; None: not known.
    """
    environment = Environment(
        loader=PackageLoader(_PACKAGE, ""), autoescape=True, undefined=StrictUndefined
    )
    newest = latest(folder, language)
    return environment.get_template("index.html.j2").render(
        language=language,
        latest=newest,
        say=_sentences(language, newest),
        months=[_listed(folder / month, language) for month in _months(folder)],
        web_ui=web_ui,
    )


def _sentences(language: Language, newest: str | None) -> dict[str, str]:
    month = language.month(newest.partition("/")[0]) if newest else ""
    return {
        "title": language.say("index.title"),
        "latest": language.say("index.latest", month=month),
        "none": language.say("index.none"),
        "web_ui": language.say("index.web_ui"),
    }


def latest(folder: Path, language: Language) -> str | None:
    """Return the newest report in a language, within the folder of all; None: there is none."""
    pages = (f"{month}/{name_of(month, language.code, 'html')}" for month in _months(folder))
    return next((page for page in pages if (folder / page).is_file()), None)


def _months(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted((each.name for each in folder.iterdir() if is_month(each.name)), reverse=True)


def _listed(folder: Path, language: Language) -> _Month:
    files = sorted(each.name for each in folder.iterdir() if not each.name.startswith("."))
    mine = {
        name_of(folder.name, language.code, kind, document): words_of(document, kind, language)
        for document in DOCUMENTS
        for kind in KINDS
    }
    known = [(text, name) for name, text in mine.items() if name in files]
    others = [(name, name) for name in files if name not in mine]
    return _Month(folder.name, (*known, *others))


def language_of(accepted: str) -> Language:
    """Return the first of our languages that a browser asks for, as `fr-FR,fr;q=0.9,en`."""
    wanted = (each.strip()[:2].lower() for each in accepted.split(","))
    return next((LANGUAGES[code] for code in wanted if code in LANGUAGES), LANGUAGES["en"])
