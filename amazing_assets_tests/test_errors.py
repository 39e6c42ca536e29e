import importlib
import inspect
import pkgutil
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import amazing_assets
from amazing_assets.errors import PlainError, quoted

# A key that no catalogue has is a mistake in the code: a person can do nothing about it.
PROGRAMMERS = {"UnknownSentenceError"}

# To import it is to run the command.
PROGRAM = "amazing_assets.__main__"


def errors_of_the_package():
    """Every exception class that a module of the package defines, by name."""
    names = [
        module.name for module in pkgutil.walk_packages(amazing_assets.__path__, "amazing_assets.")
    ]
    modules = [importlib.import_module(name) for name in names if name != PROGRAM]
    return {
        name: found
        for module in modules
        for name, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, Exception) and found.__module__ == module.__name__
    }


# Of MLflow's own annotations, when it is imported.
@pytest.mark.filterwarnings("ignore:.*Any type hint is inferred")
def test_every_error_of_ours_is_a_sentence_for_a_person():
    found = errors_of_the_package()
    assert {"LakeError", "LandingError", "SettingsError", "KeyFileError", "RunFailedError"} <= set(
        found
    )
    strangers = {name for name, error in found.items() if not issubclass(error, PlainError)}
    assert strangers == PROGRAMMERS


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2019-Oct.csv", "2019-Oct.csv"),
        ("été 日本 😀", "été 日本 😀"),
        (r"C:\data \N", r"C:\data \N"),
        ("two\nlines\r\n\tand a tab", r"two\nlines\r\n\tand a tab"),
        ("\x1b[31mred\x1b[0m\x07", r"\x1b[31mred\x1b[0m\x07"),
        ("\x00\x7f\x85\x9b", r"\x00\x7f\x85\x9b"),
        ("fdp\u202evsc.exe", r"fdp\u202evsc.exe"),
        ("a\u200bb\ufeff\u2028\xa0\xad", r"a\u200bb\ufeff\u2028\xa0\xad"),
        ("\u3164\u115f\ufe0f", r"\u3164\u115f\ufe0f"),
        ("\ud800", r"\ud800"),
        (b"caf\xe9", r"caf\xe9"),
        ("caf\udce9", r"caf\xe9"),
        ("caf\xe9".encode(), "café"),
        (Path("in/2019-Oct\n.csv"), r"in/2019-Oct\n.csv"),
        (None, "None"),
        (2019, "2019"),
    ],
)
def test_what_is_quoted_is_shown_and_does_nothing(text, shown):
    assert quoted(text) == shown


def test_what_is_long_is_cut_with_an_ellipsis_and_never_within_an_escape():
    assert quoted("a" * 80) == "a" * 80
    assert quoted("a" * 81) == "a" * 79 + "…"
    assert quoted("a" * 79 + "\n") == "a" * 79 + "…"
    assert quoted("abc\n", longest=5) == r"abc\n"
    assert quoted("abc\nd", longest=5) == "abc…"
    assert quoted(b"\xff" * 10_000_000, longest=9) == r"\xff\xff…"


@given(st.text(st.characters(exclude_categories=())) | st.binary(), st.integers(1, 120))
@example("\n" * 200, 80)
def test_whatever_is_quoted_is_one_short_printable_line(text, longest):
    shown = quoted(text, longest)
    assert len(shown) <= longest
    assert shown.isprintable()
    assert not {unicodedata.bidirectional(each) for each in shown} & {"RLO", "LRO", "RLI", "FSI"}
