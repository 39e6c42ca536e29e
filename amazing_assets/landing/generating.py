"""Putting a generated world where files land: nobody's files are ever overwritten.

A world is written aside and takes its place in one go, by links, which never replace a file. What
a world before had there gives way to it, if it is still what its manifest says.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from amazing_assets.errors import quoted
from amazing_assets.lake.lock import hold_at_once
from amazing_assets.landing.generated import MANIFEST, TRUTH, Manifest, digest, manifest_of
from amazing_assets.landing.names import month_of_file
from amazing_assets.landing.zone import LandingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What a generator that is killed may leave in the truth before its manifest lies there.
_UNFINISHED, _LOCK, _NEXT = (
    f"{TRUTH}/{name}" for name in ("unfinished", "generator.lock", "files.json.new")
)


@contextmanager
def generating(to: Path) -> Iterator[Path]:
    """Yield a folder to write a world into; it then takes the place of the world before.

    Raises:
        LandingError: Others' files lie there, or another generator is at work.
    """
    refuse_others(to)
    (to / TRUTH).mkdir(parents=True, exist_ok=True)
    lock = hold_at_once(to / _LOCK)
    if lock is None:
        raise LandingError(
            f"Another process is generating into {to}; wait for it, or name another folder."
        )
    with lock:
        # Again, for another generator may have ended meanwhile.
        refuse_others(to)
        unfinished = to / _UNFINISHED
        shutil.rmtree(unfinished, ignore_errors=True)
        (unfinished / TRUTH).mkdir(parents=True)
        yield unfinished
        refuse_others(to)
        _take_the_place(unfinished, to)


def _take_the_place(unfinished: Path, to: Path) -> None:
    found = sorted(path for path in unfinished.rglob("*") if path.is_file())
    files = {str(file.relative_to(unfinished)): file for file in found}
    before = manifest_of(to)
    for name in before.files if before else ():
        (to / name).unlink(missing_ok=True)
    made = {name: _digest(file) for name, file in files.items()}
    _write(to, Manifest(made, is_finished=False))
    for name, file in files.items():
        try:
            os.link(file, to / name)
        except FileExistsError:
            raise LandingError(_edited(to, name)) from None
    shutil.rmtree(unfinished)
    _write(to, Manifest(made))


def refuse_others(to: Path) -> None:
    """Refuse a folder that holds what no generator wrote, or wrote otherwise.

    Raises:
        LandingError: Names a file, and what to do.
    """
    if to.is_symlink() and not to.exists():
        raise LandingError(f"{to} is a link that leads nowhere; name a folder.")
    if to.exists() and not to.is_dir():
        raise LandingError(f"{to} is a file; name a folder for the generated files.")
    manifest = manifest_of(to)
    landed = sorted(path.name for path in to.iterdir()) if to.is_dir() else []
    _refuse_unknown(to, landed, manifest)
    for name, known in manifest.files.items() if manifest else ():
        file = to / name
        if file.is_symlink() or (file.exists() and not (file.is_file() and _digest(file) == known)):
            raise LandingError(_edited(to, name))


def _refuse_unknown(to: Path, landed: list[str], manifest: Manifest | None) -> None:
    known = manifest.files if manifest else {}
    if others := [name for name in landed if month_of_file(name) and name not in known]:
        raise LandingError(
            f"{to} holds event files that were not generated, such as {others[0]}; give the "
            f"generated ones another folder."
        )
    if manifest is not None or _was_begun(to):
        return
    if others := [name for name in landed if not name.startswith(".")]:
        raise LandingError(
            f"{to} holds what was not generated, such as {quoted(others[0])}; give the generated "
            f"files a folder of their own."
        )


def _was_begun(to: Path) -> bool:
    """Whether a generator was here, and killed before any of its files lay there."""
    truth = to / TRUTH
    if truth.is_symlink() or not truth.is_dir():
        return False
    return set(truth.iterdir()) <= {to / _LOCK, to / _UNFINISHED, to / _NEXT}


def _edited(to: Path, name: str) -> str:
    return (
        f"{name} of {to} is not what was generated under that name; move it away, or give the new "
        f"files another folder."
    )


def _digest(file: Path) -> str:
    return digest(lambda: file.open("rb"))


def _write(to: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step."""
    beside = to / _NEXT
    beside.write_text(manifest.text)
    beside.replace(to / MANIFEST)
