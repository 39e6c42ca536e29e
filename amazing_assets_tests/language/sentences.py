"""What stands in the catalogues, and which keys the package asks for."""

import ast
import re
from itertools import chain
from pathlib import Path
from string import Formatter
from typing import NamedTuple

from babel.messages.pofile import read_po

import amazing_assets
from amazing_assets.language.language import CATALOGUES

PACKAGE = Path(amazing_assets.__file__).parent

MODULES = {
    file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(PACKAGE.rglob("*.py"))
}


# What French is set with, and what it is not: an ordinary space lets a line begin with a colon.
WRONG_IN_FRENCH = {
    "a straight apostrophe": "'",
    "straight quotation marks": '"',
    "no thin no-break space before ; ! ?": "(?<!\N{NARROW NO-BREAK SPACE})[;!?]",
    "no no-break space before : %": "(?<!\N{NO-BREAK SPACE})[:%]",
    "no no-break space after \u00ab": "\u00ab(?!\N{NO-BREAK SPACE})",
    "no no-break space before \u00bb": "(?<!\N{NO-BREAK SPACE})\u00bb",
    "a number apart from its unit": r"[\d}] (h|j|u\.m\.)(?!\w)",
    "a point in a number": r"\d\.\d",
    "three points": r"\.\.\.",
}


def entries(code, folder=CATALOGUES):
    """The messages of a catalogue by key, without the header."""
    with (folder / f"{code}.po").open("rb") as file:
        found = read_po(file, abort_invalid=True)
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message
        for message in found
        if message.id
    }


def forms(message):
    """The sentence, or its forms for one and for several."""
    return message.string if message.pluralizable else (message.string,)


def places(text):
    """The values that a sentence has places for."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


class Asked(NamedTuple):
    """A call of `say` or `knows`; a key with values in it is a pattern with a group for each."""

    where: str
    key: re.Pattern
    has_count: bool


def asked():
    """Every call of `say` and `knows` whose key is written there, whole or in part."""
    for file, tree in MODULES.items():
        for node in questions(tree):
            has_count = "count" in {keyword.arg for keyword in node.keywords}
            for key in written(node.args[0]):
                yield Asked(f"{file.relative_to(PACKAGE)}:{node.lineno}", key, has_count)
    for file in PACKAGE.rglob("*.j2"):
        for key in re.findall(r"\bsay\('([^']+)'\)", file.read_text(encoding="utf-8")):
            yield Asked(file.name, re.compile(re.escape(key)), has_count=False)


def questions(tree):
    """The calls of `say` and `knows`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"say", "knows"}:
            yield node


def written(node):
    """What an expression may be, as far as it is written there."""
    if isinstance(node, ast.IfExp):
        yield from chain(written(node.body), written(node.orelse))
    elif isinstance(node, ast.Constant):
        yield re.compile(re.escape(str(node.value)))
    elif isinstance(node, ast.JoinedStr):
        yield pattern(node)


def pattern(node):
    """What an f-string may be, with a group for each value in it."""
    pieces = (
        re.escape(str(piece.value)) if isinstance(piece, ast.Constant) else "(.+)"
        for piece in node.values
    )
    return re.compile("".join(pieces))


class Vocabulary:
    """All texts and names of some modules: what can stand in the keys they ask for."""

    def __init__(self, modules):
        nodes = list(chain.from_iterable(map(ast.walk, modules)))
        constants = (node.value for node in nodes if isinstance(node, ast.Constant))
        self.texts = {value for value in constants if isinstance(value, str)}
        self.words = self.texts | {node.id for node in nodes if isinstance(node, ast.Name)}
        patterns = {pattern(node) for node in nodes if isinstance(node, ast.JoinedStr)}
        # Of values alone, a pattern fits everything.
        self.patterns = [each for each in patterns if re.search("[a-z]", each.pattern)]

    def writes(self, key):
        """Whether a key is written somewhere, whole or put together from what is written."""
        family, _, last = key.rpartition(".")
        # Sentences that stand in a row are numbered.
        is_numbered = last.isdigit() and family in self.texts
        return is_numbered or key in self.texts or any(map(self.means, self.parts(key)))

    def parts(self, text):
        """The values that each fitting f-string would need."""
        found = (each.fullmatch(text) for each in self.patterns)
        return [match.groups() for match in found if match]

    def means(self, values):
        """Whether values are words of the modules, or put together from them, as `hour_sin_7m`."""
        return all(
            value.isdigit()
            or value in self.words
            or any(all(v in self.words or v.isdigit() for v in p) for p in self.parts(value))
            for value in values
        )
