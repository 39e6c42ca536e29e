"""`amazing backup` and `amazing restore`: a home in one file, and a home of that file again."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from amazing_assets.backup.archive import About, write_archive
from amazing_assets.backup.contents import KEY, LAKE, Places, entries, places_of
from amazing_assets.backup.restoring import restore_archive
from amazing_assets.backup.snapshot import snapshot
from amazing_assets.commands.arguments import CommandError, Json
from amazing_assets.commands.terminal import print_json, print_line, progress, tell
from amazing_assets.defs.resources.readable import copied_from
from amazing_assets.defs.triggers.busy import is_busy
from amazing_assets.errors import quoted
from amazing_assets.lake.key import FINGERPRINT, key_of_lake
from amazing_assets.lake.sides import side_of
from amazing_assets.pseudonym import KeyFileError
from amazing_assets.runs.instance import open_instance
from amazing_assets.runs.leases import end_runs_of_dead_commands, leases_of
from amazing_assets.settings import Settings, load_settings, pseudonym_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from amazing_assets.backup.contents import Entry

_TO = "A file that is not there yet, or a folder in which it is named by the time."
_WITH_KEY = "Put the pseudonym key into it as well: whoever has the file can then name customers."


def backup(
    *,
    to: Annotated[Path, Parameter(help=_TO)],
    with_key: Annotated[bool, Parameter(help=_WITH_KEY, negative="")] = False,
    json: Json = False,
) -> None:
    """Write all of this home but its key and its event files into one file."""
    settings = load_settings()
    places, file = places_of(settings), file_of(to, settings.home)
    _refuse_nothing(places, with_key=with_key)
    with _quiet(settings, places), TemporaryDirectory(dir=file.parent, prefix=".backup-") as copies:
        found = snapshot(entries(places, with_key=with_key), Path(copies))
        about = About.of(found, has_key=with_key)
        with _watched("Writing", _bytes(found)) as advance:
            size = write_archive(file, found, about, advance)
    for remark in places.remote.values():
        tell(remark)
    if not with_key:
        tell("The pseudonym key is not in it; keep it apart, for nobody is recognised without it.")
    if json:
        print_json({"Backup": [{"path": str(file), "bytes": size, "parts": about.parts}]})
    else:
        print_line(f"{size / 1e6:,.1f} MB: {file}")


def restore(source: Path, *, json: Json = False) -> None:
    """Put a backup back into a home that holds nothing but its key and its event files."""
    settings = load_settings()
    with _watched("Restoring", source.stat().st_size if source.is_file() else 0) as advance:
        about = restore_archive(source, places_of(settings), advance)
    copied_from(settings).refresh(tell)
    if remark := key_remark(settings):
        tell(remark)
    if json:
        print_json({"Restored": [{"path": str(settings.home), "made_at": about.made_at}]})
    else:
        print_line(f"{settings.home} is as it was at {about.made_at}.")


def file_of(to: Path, home: Path) -> Path:
    """Return the file that a backup is written to.

    Raises:
        CommandError: There is such a file, no such folder, or it lies in the home.
    """
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    file = (to / f"amazing-{now}.tar" if to.is_dir() else to).absolute()
    if os.path.lexists(file):
        raise CommandError(f"{quoted(file, 200)} is there already; name another file.")
    if not file.parent.is_dir():
        raise CommandError(f"There is no folder {quoted(file.parent, 200)}; make it first.")
    if home.resolve() in file.resolve().parents:
        raise CommandError(
            f"{quoted(file, 200)} lies in the home and would be lost with it; name another place."
        )
    return file


def key_remark(settings: Settings) -> str | None:
    """Return what is to be said of the key of a restored lake; None: it is there."""
    given, file = pseudonym_key(), settings.key_file
    if not side_of(settings.lake).note(settings.lake, FINGERPRINT):
        return None
    if given is None and not file.exists():
        return (
            f"The pseudonym key is not there yet: put it into {quoted(file, 200)}, or into "
            f"AMAZING_PSEUDONYM_KEY, for without it no customer is recognised and nothing runs."
        )
    try:
        key_of_lake(settings.lake, file, given)
    except KeyFileError as error:
        return str(error)
    return None


def _refuse_nothing(places: Places, *, with_key: bool) -> None:
    if not entries(places, with_key=False):
        raise CommandError(
            f"There is nothing in {quoted(places.home, 200)} to back up; set AMAZING_HOME to a "
            f"home."
        )
    if with_key and not (places.home / KEY).is_file():
        raise CommandError(
            f"There is no key in {quoted(places.home, 200)}, it comes from AMAZING_PSEUDONYM_KEY; "
            f"leave --with-key out and keep that apart."
        )


@contextmanager
def _quiet(settings: Settings, places: Places) -> Iterator[None]:
    """Keep tables as they are: runs that begin meanwhile wait until the end of the block.

    Raises:
        CommandError: Some are queued or under way.
    """
    with ExitStack() as held:
        if LAKE in places.named and places.named[LAKE].is_dir():
            # Every table of the lake asks for it before it is written.
            held.enter_context(side_of(places.named[LAKE]).deciding(places.named[LAKE]))
        with open_instance(settings) as instance:
            end_runs_of_dead_commands(instance, leases_of(settings))
            if is_busy(instance):
                raise CommandError(
                    "Runs are queued or under way; wait until they have ended, or stop them, and "
                    "back up then."
                )
        yield


def _bytes(found: Sequence[Entry]) -> int:
    return sum(entry.path.lstat().st_size for entry in found if entry.path.is_file())


@contextmanager
def _watched(what: str, size: int) -> Iterator[Callable[[int], None]]:
    """Show how far it is; yields what is told of bytes."""
    with progress() as bar:
        task = bar.add_task(f"{what}, bytes", total=size)
        yield lambda more: bar.update(task, advance=more)
