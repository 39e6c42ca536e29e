"""The instance configuration of a home: the one that is shipped, or what a person made of it.

It is copied at first use, with the digest of what was copied beside it: a copy that is still that
is nobody's work, and follows the shipped one. One that was edited is left alone.
"""

import hashlib
import re
from importlib.util import find_spec
from pathlib import Path

# Copied into homes before digests were kept: what this repository shipped until November 2026.
_SHIPPED_BEFORE = frozenset(
    {
        "45b72de03779509f28271a034b065578910cd26fdb98bec1d9826e87ce9cad23",
        "8e99075130140c4162a42153f9f805b5f2422951b199ba37dbe040946cf0e4d7",
        "72a1a87474f064a5fc37aaa06ae8663d2fc7fd285ae5b1c917c722acbde5e55c",
    }
)

_MODULE = re.compile(r"""\bmodule:\s*["']?([\w.]+)""")


def bring_up_to_date(copy: Path, shipped: Path) -> str | None:
    """Make a home's copy of the shipped configuration, or replace one that nobody edited.

    Returns:
        What a person should know of it, in a sentence; None: nothing.
    """
    wanted = shipped.read_bytes()
    if not copy.exists():
        _write(copy, wanted)
        return None
    found = copy.read_bytes()
    if found == wanted:
        _remember(copy, wanted)
        return None
    if _digest(found) in _SHIPPED_BEFORE | _remembered(copy):
        _write(copy, wanted)
        return f"{copy} was that of an earlier version and nobody had edited it: it is replaced."
    gone = [name for name in _modules(found.decode()) if not _exists(name)]
    if not gone:
        return None
    return (
        f"{copy} was edited and names {gone[0]}, which no longer exists; carry your edits over to "
        f"a copy of {shipped}."
    )


def is_copy(file: Path) -> bool:
    """Whether a configuration was copied into a home, whatever became of it since."""
    return _digest_file(file).exists()


def _write(copy: Path, content: bytes) -> None:
    beside = copy.with_suffix(".new")
    beside.write_bytes(content)
    beside.replace(copy)
    _remember(copy, content)


def _remember(copy: Path, content: bytes) -> None:
    if _digest(content) not in _remembered(copy):
        _digest_file(copy).write_text(f"{_digest(content)}\n")


def _remembered(copy: Path) -> frozenset[str]:
    file = _digest_file(copy)
    return frozenset(file.read_text().split() if file.exists() else ())


def _digest_file(copy: Path) -> Path:
    return copy.with_name(f".{copy.name}.sha256")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _modules(configuration: str) -> list[str]:
    """Return every module that a configuration names outside of its comments."""
    return _MODULE.findall(re.sub("#.*", "", configuration))


def _exists(module: str) -> bool:
    """Whether a module can be found; one whose package is gone cannot."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
