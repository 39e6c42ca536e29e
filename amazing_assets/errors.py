"""The base of every error that is a whole sentence for a person, and the sentences of others.

A command prints it and ends, a run fails with it: a traceback would only hide what it says. What
such a sentence quotes of others goes through `quoted`; what a library or the machine raises becomes
one through `sentence_of`. No library is imported to know its errors: that takes seconds, and what
was raised tells its class by name.
"""

import builtins
import errno
import os
import re
import shutil
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from amazing_assets.s3_refusals import sentence_of_request


class PlainError(Exception):
    """What cannot be done, why, and what to do about it, in a sentence that needs no traceback."""


class UsageError(PlainError):
    """What was asked for is no month, no selection, no customer: the sentence shows an example."""


# They are letters or marks to Unicode and still leave nothing, or a gap, on a screen.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)

# How Python holds a byte of a name or an argument that is no UTF-8.
_BYTES = range(0xDC80, 0xDD00)


def quoted(text: object, longest: int = 80) -> str:
    r"""Return what a file, a name or a person says so that a terminal or a page only shows it.

    Without quotation marks. What is not seen as a character of its own is written as Python writes
    it: `\n`, `\x1b`, `\u202e`, a byte that is no UTF-8 as `\xff`. A backslash stays as it is, so
    this is for reading, not for reading back.

    Args:
        text: A string, bytes, a path; of anything else what `str` makes of it.
        longest: Most characters that are returned, the ellipsis included.
    """
    whole = text.decode(errors="surrogateescape") if isinstance(text, bytes) else str(text)
    shown = [_shown(character) for character in whole[: longest + 1]]
    if sum(map(len, shown)) <= longest:
        return "".join(shown)
    # An escape is never cut in two.
    kept = sum(length < longest for length in accumulate(map(len, shown)))
    return "".join(shown[:kept]) + "…"


def _shown(character: str) -> str:
    if ord(character) in _BYTES:
        return f"\\x{ord(character) - 0xDC00:02x}"
    if character.isprintable() and not _INVISIBLE.match(character):
        return character
    return character.encode("unicode_escape").decode()


_ELSEWHERE = "set AMAZING_HOME to a folder on another disk"

# What each means for a person; `{place}` is the file or folder that the error names, or the home.
_BY_NUMBER = {
    errno.EACCES: "{place} may not be read or written by this account; give it the right, or set "
    "AMAZING_HOME to a folder of its own.",
    errno.EROFS: "{place} is read-only; make it writable, or set AMAZING_HOME to another folder.",
    errno.ENOENT: "{place} is not there, or was taken away meanwhile; put it back, or correct the "
    "setting that names it.",
    errno.ENOTDIR: "A file lies where a folder is needed, on the way to {place}; move it away, or "
    "correct the setting that names it.",
    errno.EISDIR: "{place} is a folder where a file is needed; move it away, or correct the "
    "setting that names it.",
    errno.ELOOP: "{place} is a link that leads back to itself; set AMAZING_HOME to another folder.",
    errno.ENAMETOOLONG: "The path {place} is too long for this machine; set AMAZING_HOME to a "
    "shorter one.",
    errno.EMFILE: "More files are open than this machine lets one program have; raise the limit "
    "with `ulimit -n 4096` and try again.",
    errno.EFBIG: "{place} grew beyond what this machine lets a file have; raise the limit with "
    "`ulimit -f unlimited`, or " + _ELSEWHERE + ".",
    errno.EIO: f"The disk of {{place}} reports an error of its own; check it, or {_ELSEWHERE}.",
    errno.ENOMEM: "The memory of this machine is used up; end what else runs on it and try again.",
}
_BY_NUMBER[errno.EPERM] = _BY_NUMBER[errno.EACCES]
_BY_NUMBER[errno.EEXIST] = _BY_NUMBER[errno.ENOTDIR]
_BY_NUMBER[errno.ENFILE] = _BY_NUMBER[errno.EMFILE]

# With so many bytes left it is another disk that is full: of what is printed, or of a quota.
_AMPLE = 1_000_000_000

_SCARCE = 1_000_000

_FULL = {errno.ENOSPC, errno.EDQUOT}

_NO_JOURNAL = ("disk I/O error", "unable to open database file")

# What databases say in words of their own.
_BY_WORDS = {
    "database or disk is full": errno.ENOSPC,
    "readonly database": errno.EROFS,
} | dict(zip(_NO_JOURNAL, (errno.EIO, errno.EACCES), strict=True))
_DAMAGED = (
    "database disk image is malformed",
    "file is not a database",
    "not a valid DuckDB database file",
    "File out of specification",
)
_BUSY = ("database is locked", "database table is locked")

# Whose errors carry the machine's words within their own.
_LIBRARIES = frozenset(
    {"_duckdb", "duckdb", "mlflow", "obstore", "polars", "pyarrow", "sqlalchemy", "sqlite3"}
)

_NUMBER = re.compile(r"(?:os error |\[Errno |errno: |\[errno )(\d+)")
_PATH = re.compile(r"""["'](/[^"']+)["']|: (/[^:]+)\Z""")


def sentence_of(error: BaseException, *places: Path) -> str | None:
    """Return what an error says to a person, in one sentence with its remedy.

    Args:
        error: Anything that was raised; what it was raised from is looked at as well.
        places: The folders that are written to, to tell which of their disks is full.

    Returns:
        The sentence; None: nobody foresaw this one, and only its traceback helps.
    """
    found = (_sentence(each, places) for each in _chain(error))
    return next((sentence for sentence in found if sentence), None)


def sentence_of_words(words: str) -> str | None:
    """Return the sentence of an error of which only the last line of its traceback is left.

    Args:
        words: As `PermissionError: [Errno 13] ...`. A path in them is not told: who reads the
            sentence may be outside the house.
    """
    name, _, text = words.strip().partition(": ")
    kind = getattr(builtins, name, None)
    is_of_the_machine = isinstance(kind, type) and issubclass(kind, OSError)
    if not is_of_the_machine and name.partition(".")[0] not in _LIBRARIES:
        return None
    pathless = _PATH.sub("", text)
    return _of_the_machine(OSError(pathless), ()) or _of_a_database(pathless, ())


def is_stop(error: BaseException) -> bool:
    """Whether a person, or the machine on its way down, ended the work."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    return bool(kinds & {"KeyboardInterrupt", "DagsterExecutionInterruptedError"})


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error, what Dagster or SQLAlchemy wrapped in it, and what it was raised from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        # What is wrapped comes first: who wraps it adds words, such as SQL, and no knowledge.
        inner = [getattr(error, name, None) for name in ("user_exception", "orig")]
        yield from (each for each in inner if isinstance(each, BaseException))
        yield error
        error = error.__cause__


def _sentence(error: BaseException, places: tuple[Path, ...]) -> str | None:
    if isinstance(error, PlainError):
        return str(error)
    if is_stop(error):
        return "Stopped."
    if isinstance(error, MemoryError):
        return _BY_NUMBER[errno.ENOMEM]
    library = type(error).__module__.partition(".")[0]
    if library == "dagster":
        return getattr(error, "description", None)  # of a `Failure`
    if isinstance(error, OSError) or library in _LIBRARIES:
        return _of_a_library(error, places)
    return None


def _of_a_library(error: BaseException, places: tuple[Path, ...]) -> str | None:
    text = str(error)
    # First: a connection that is refused has a number of the machine's as well.
    if sentence := sentence_of_request(text):
        return sentence
    return _of_the_machine(error, places) or _of_a_database(text, places)


def _of_the_machine(error: BaseException, places: tuple[Path, ...]) -> str | None:
    text = str(error)
    number = _number(error, text)
    # What SQLite says where there is no room for its journal, or no way to write one.
    has_no_journal = any(words in text for words in _NO_JOURNAL)
    if has_no_journal and any(map(_is_read_only, places)):
        number = errno.EROFS
    if number in _FULL or (has_no_journal and any(map(_is_scarce, places))):
        return _full(places)
    place = _place(error, text) or (quoted(places[0], 200) if places else "A file")
    if number in _BY_NUMBER:
        return _BY_NUMBER[number].format(place=place)
    return None


def _of_a_database(text: str, places: tuple[Path, ...]) -> str | None:
    place = _written(text) or (quoted(places[0], 200) if places else "the home")
    if any(words in text for words in _DAMAGED):
        return (
            f"A file in {place} is damaged, or none of ours; restore it, or delete it and run what "
            f"it was made of again."
        )
    if "API request" in text:
        return (
            "The server of models cannot be reached; start it, or correct MLFLOW_TRACKING_URI and "
            "the network."
        )
    if any(words in text for words in _BUSY):
        return (
            f"Another process writes to a database in {place}; wait until it is done and try again."
        )
    return None


def _number(error: BaseException, text: str) -> int | None:
    number = getattr(error, "errno", None)
    if isinstance(number, int):
        return number
    if written := _NUMBER.search(text):
        return int(written[1])
    known = {os.strerror(each): each for each in (*_BY_NUMBER, *_FULL)} | _BY_WORDS
    return next((number for words, number in known.items() if words in text), None)


def _place(error: BaseException, text: str) -> str | None:
    """The file that an error names, in its own attribute or in its text."""
    named = getattr(error, "filename2", None) or getattr(error, "filename", None)
    if isinstance(named, str | bytes | Path):
        return quoted(os.fsdecode(named), 200)
    return _written(text) if _names_files(error) else None


def _written(text: str) -> str | None:
    found = _PATH.search(text)
    return quoted(found[1] or found[2], 200) if found else None


def _names_files(error: BaseException) -> bool:
    """Whether a path in the text is the file at fault; in that of others it is any value."""
    return type(error).__module__ in {"builtins", "_duckdb", "polars.exceptions"}


def _full(places: tuple[Path, ...]) -> str:
    """An error names the file that is copied as often as that which found no room."""
    left = {place: free for place in places if (free := _left(place)) is not None}
    fullest = min(left, key=left.__getitem__, default=None)
    if fullest is None or left[fullest] > _AMPLE:
        return f"A disk, or a quota, is full; free some space, or {_ELSEWHERE}, and try again."
    return (
        f"The disk of {quoted(fullest, 200)} is full, {left[fullest] / 1e6:,.1f} MB are left; free "
        f"some space, or {_ELSEWHERE}, and try again."
    )


def _is_scarce(place: Path) -> bool:
    left = _left(place)
    return left is not None and left < _SCARCE


def _is_read_only(place: Path) -> bool:
    try:
        return bool(os.statvfs(place).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _left(place: Path) -> int | None:
    """Bytes that are left where a path lies, or would."""
    for folder in (place, *place.parents):
        try:
            return shutil.disk_usage(folder).free
        except OSError:
            continue
    return None
