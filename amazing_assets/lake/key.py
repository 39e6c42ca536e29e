"""One key, one lake: whose pseudonyms a lake holds stands beside it as a keyed fingerprint.

With another key every customer would be counted a second time, under another number and without a
word; with a lost one nobody could be recognised again. Both are refused before anything is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amazing_assets.lake.sides import side_of
from amazing_assets.pseudonym import KeyFileError, fingerprint_of, make_key, read_key

if TYPE_CHECKING:
    from pathlib import Path

    from amazing_assets.locations import Location

FINGERPRINT = "fingerprint"

# What a lake says in place of a fingerprint while its customers are given other numbers.
_ROTATING = "rotating"

_VARIABLE = "AMAZING_PSEUDONYM_KEY"


def key_of_lake(root: Location, file: Path, given: str | None) -> str:
    """Return the key of a lake; one that holds no customers yet takes the key that is there.

    Nothing is written but a key that is made for a lake without customers.

    Args:
        root: The lake's place.
        file: Of the key.
        given: The key that the environment holds, which goes before the file.

    Raises:
        KeyFileError: There is no key, or it is not that of the lake.
    """
    refuse_while_rotating(root)
    known, holds_customers = _fingerprint(root), side_of(root).holds_partitions(root)
    if given is None and not file.exists():
        if known or holds_customers:
            raise KeyFileError(_lost(root, file))
        make_key(file)
    key = given or read_key(file)
    if known is None and holds_customers and given:
        _refuse_two_keys(root, file, given)
    if known not in {None, fingerprint_of(key)}:
        raise KeyFileError(_another(root, file, given))
    return key


def bind_to_key(root: Location, key: str) -> None:
    """Write down the key's fingerprint beside a lake, before its first customers are written.

    A lake of before fingerprints were kept takes that of the key which lies beside it.

    Raises:
        KeyFileError: Another process has begun the lake with another key.
    """
    if _fingerprint(root) is None:
        side_of(root).write_note_once(root, FINGERPRINT, fingerprint_of(key))
    if _fingerprint(root) != fingerprint_of(key):
        raise KeyFileError(
            f"The lake {root} is being begun with another pseudonym key at this moment; give every "
            f"process the same {_VARIABLE}, or none."
        )


def unbind(root: Location) -> None:
    """Have a lake be nobody's while its customers are given other numbers."""
    side_of(root).change_note(root, FINGERPRINT, lambda _: _ROTATING)


def rebind(root: Location, key: str) -> None:
    """Have a lake belong to another key than before."""
    side_of(root).change_note(root, FINGERPRINT, lambda _: fingerprint_of(key))


def refuse_while_rotating(root: Location) -> None:
    """Refuse a lake of which some tables are under the old key and some under the new one.

    Raises:
        KeyFileError: It is such a lake.
    """
    if _fingerprint(root) == _ROTATING:
        raise KeyFileError(
            f"The pseudonym key of the lake {root} is being replaced, and some tables have the old "
            f"numbers still; `amazing rotate-key` finishes it."
        )


def _fingerprint(root: Location) -> str | None:
    return side_of(root).note(root, FINGERPRINT)


def _refuse_two_keys(root: Location, file: Path, given: str) -> None:
    """Refuse to guess which of two keys a lake of before fingerprints was made with."""
    if file.exists() and read_key(file) != given:
        raise KeyFileError(
            f"The lake {root} was made by an earlier version, which wrote down no fingerprint, and "
            f"{_VARIABLE} is not the key in {file}; take away the one that is not the lake's, so "
            f"that it can be bound to the other."
        )


def _lost(root: Location, file: Path) -> str:
    return (
        f"The pseudonym key of the lake {root} is gone: there is no {file} and no {_VARIABLE}; "
        f"restore it, for without it no customer of the lake can be recognised, or {_anew(root)}."
    )


def _another(root: Location, file: Path, given: str | None) -> str:
    named = _VARIABLE if given else str(file)
    return (
        f"The lake {root} was made with another pseudonym key than {named} holds, and with two "
        f"every customer would be counted twice; restore the first, or {_anew(root)}."
    )


def _anew(root: Location) -> str:
    if side_of(root).holds_partitions(root):
        return "set AMAZING_HOME to a new folder to begin anew"
    return f"delete {root / FINGERPRINT}, for the lake holds no customers yet"
