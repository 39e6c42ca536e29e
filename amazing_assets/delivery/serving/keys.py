"""Who may ask for what: keys as hashes in a file that is read again whenever it changes.

A key is 256 bits of chance, so that its plain SHA-256 says nothing of it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from amazing_assets.errors import PlainError, quoted
from amazing_assets.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable

# `customers` shows what is known of a person; `segments` no person at all.
CLASSIFY, CUSTOMERS, SEGMENTS = "classify", "customers", "segments"
SCOPES = (CLASSIFY, CUSTOMERS, SEGMENTS)

_PREFIX = "amz_"


class KeysError(PlainError):
    """The file of keys cannot be used; the message says what to do."""


@dataclass(frozen=True)
class ApiKey:
    """A key as it is kept.

    Attributes:
        name: Whose it is.
        scopes: What it opens.
        sha256: Of the key itself, which is kept nowhere.
    """

    name: str
    scopes: tuple[str, ...]
    sha256: str


class KeyRing:
    """The keys of a file, as they are at the moment.

    Args:
        file: JSON; it need not exist yet: then nobody may ask.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._seen: tuple[int, int] | None = None
        self._known: dict[str, ApiKey] = {}

    def find(self, key: str) -> ApiKey | None:
        """Return whose a key is; None: nobody's.

        Raises:
            KeysError: The file is damaged, and was never read.
        """
        self._look()
        return self._known.get(hash_of(key))

    def _look(self) -> None:
        try:
            found = self.file.stat()
        except FileNotFoundError:
            self._seen, self._known = None, {}
            return
        seen = (found.st_mtime_ns, found.st_ino)
        if seen != self._seen:
            self._known = {each.sha256: each for each in read_keys(self.file)}
            self._seen = seen


def hash_of(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


def read_keys(file: Path) -> list[ApiKey]:
    """Return the keys of a file; none if there is no file.

    Raises:
        KeysError: It is damaged.
    """
    if not file.exists():
        return []
    try:
        return [
            ApiKey(str(each["name"]), tuple(each["scopes"]), str(each["sha256"]))
            for each in json.loads(file.read_text())
        ]
    except (OSError, ValueError, KeyError, TypeError):
        raise KeysError(
            f"The file of API keys {quoted(file, 200)} cannot be read; restore it, or delete it "
            f"and make new keys with `amazing api-key`."
        ) from None


def add_key(file: Path, name: str, scopes: Iterable[str]) -> str:
    """Make a key, keep its hash, and return it: it is told this once.

    Several keys of one name may be valid at a time, so that a new one can be handed out before the
    old one goes.

    Raises:
        KeysError: A scope is none of ours, or the file is damaged.
    """
    wanted = tuple(dict.fromkeys(scopes))
    if not wanted or set(wanted) - set(SCOPES):
        raise KeysError(f"A key opens one or more of {', '.join(SCOPES)}; name those.")
    key = _PREFIX + secrets.token_urlsafe(32)
    _write(file, [*read_keys(file), ApiKey(name, wanted, hash_of(key))])
    return key


def remove_keys(file: Path, name: str, *, but_newest: bool = False) -> int:
    """Take away the keys of a name and return how many they were.

    Args:
        file: Of the keys.
        name: Whose.
        but_newest: The one that was made last stays, as when an old one was replaced.

    Raises:
        KeysError: The file is damaged.
    """
    known = read_keys(file)
    theirs = [each for each in known if each.name == name]
    gone = theirs[:-1] if but_newest else theirs
    _write(file, [each for each in known if each not in gone])
    return len(gone)


def _write(file: Path, keys: list[ApiKey]) -> None:
    write_whole(file, json.dumps([asdict(each) for each in keys], indent=1).encode())
