"""What each risk of the impact assessment weighs: how severe, how likely, and why.

What is graded is what is left once the measures hold that the chapters before tell. It is a
proposal: whoever answers for the processing knows the shop, and grades anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amazing_assets.delivery.report.blocks import Paragraph, Section, Table
from amazing_assets.privacy.papers.statements import words

if TYPE_CHECKING:
    from amazing_assets.language.language import Language

# From this product on measures are to be added, or the authority is asked before (article 36).
TOO_MUCH = 9


class Risk(NamedTuple):
    """A risk of the assessment.

    Attributes:
        chapter: Which tells of it.
        name: Its own, as that of the statement.
        severity: From 1, negligible, to 4, as bad as can be.
        likelihood: From 1, negligible, to 4, as likely as can be.
    """

    chapter: str
    name: str
    severity: int
    likelihood: int

    @property
    def level(self) -> int:
        """Severity by likelihood."""
        return self.severity * self.likelihood


RISKS = (
    Risk("persons", "recognised", 3, 2),
    Risk("persons", "wrong", 2, 3),
    Risk("persons", "proxies", 3, 3),
    Risk("persons", "machine", 3, 1),
    Risk("persons", "comes_back", 3, 1),
    Risk("persons", "breach", 3, 2),
    Risk("society", "consumption", 2, 3),
    Risk("society", "pressure", 3, 2),
    Risk("society", "debt", 4, 2),
    Risk("society", "waste", 2, 3),
    Risk("society", "needless", 2, 3),
    Risk("society", "useless", 1, 3),
    Risk("society", "prices", 3, 2),
)


def risks(language: Language) -> Section:
    """Return the chapter of grades, the heaviest risk first."""
    opening = Paragraph(language.say("papers.risks", limit=str(TOO_MUCH)))
    title = language.say("papers.risks.title")
    return Section("risks", title, (opening, _graded(language)), apart=False)


def _graded(language: Language) -> Table:
    rows = tuple(
        (
            language.say(f"papers.{each.chapter}.{each.name}.lead"),
            _grade(each.severity, language),
            _grade(each.likelihood, language),
            str(each.level),
            language.say(f"papers.risk.{each.name}"),
        )
        for each in sorted(RISKS, key=lambda each: -each.level)
    )
    heads = ("risk", "severity", "likelihood", "level", "why")
    return words(language, "papers.risks.caption", heads, rows)


def _grade(number: int, language: Language) -> str:
    return f"{number} · {language.say(f'papers.grade.{number}')}"
