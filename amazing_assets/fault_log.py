"""What nobody foresaw, told in one sentence; its traceback is kept in a file of its own.

A file a fault: it can be sent as it is, and processes that fail at the same time never write into
each other's lines.
"""

from __future__ import annotations

import platform
import re
import tempfile
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from amazing_assets import __version__
from amazing_assets.errors import quoted, sentence_of
from amazing_assets.settings import Settings, load_settings, secrets
from amazing_assets.variables import SettingsError

# Of the newest faults: older ones were mended, or are told again.
MOST_FILES = 50

# A traceback of endless recursion is the same few lines over and over.
_MOST_CHARACTERS = 200_000

# Ids of customers, products and sessions, and what stands before the host of an address.
_PRIVATE = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![\w.])\d{7,}(?![\w.])|(?<=://)[^/@\s]+(?=@)",
    re.IGNORECASE,
)


def told(error: BaseException, said: str = "") -> str:
    """Return the sentence of any error; of one that nobody foresaw the traceback is kept.

    Args:
        error: What was raised.
        said: What libraries wrote past us to the terminal meanwhile; it is kept as well.
    """
    settings, temporary = _settings(), Path(tempfile.gettempdir())
    places = () if settings is None else settings.disks
    if sentence := sentence_of(error, *places, temporary):
        return sentence
    kind = type(error).__name__
    text = _text(error, said)
    for folder in (temporary,) if settings is None else (settings.logs, temporary):
        with suppress(OSError):
            return (
                f"Something unforeseen went wrong ({kind}); its traceback is in "
                f"{quoted(_keep(text, folder), 300)}: send that file to who maintains this "
                f"platform."
            )
    return (
        f"Something unforeseen went wrong ({kind}), and its traceback could be written nowhere; "
        f"free some space and try again to see it."
    )


def _settings() -> Settings | None:
    """Whose places are written to, and whose home keeps the log; None: they are what is wrong."""
    try:
        return load_settings()
    except SettingsError:
        return None


def _text(error: BaseException, said: str) -> str:
    """The traceback under the date and the versions, every line dated, without what is private."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    trace = "".join(traceback.format_exception(error))
    if len(trace) > _MOST_CHARACTERS:
        half = _MOST_CHARACTERS // 2
        trace = f"{trace[:half]}\n[...]\n{trace[-half:]}"
    title = f"amazing-assets {__version__}, Python {platform.python_version()}"
    for secret in secrets():
        trace, said = trace.replace(secret, "***"), said.replace(secret, "***")
    lines = _PRIVATE.sub("***", f"{title}\n{said}\n{trace}").splitlines()
    return "".join(f"{now} {quoted(line, 2_000)}\n" for line in lines if line)


def _keep(text: str, folder: Path) -> Path:
    """Write a file that its owner alone may read, and forget the oldest ones."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S")
    # Never readable by others, not even for a moment.
    descriptor, name = tempfile.mkstemp(".log", f"amazing-{stamp}-", folder)
    file = Path(name)
    try:
        with open(descriptor, "w", encoding="utf-8") as log:  # noqa: PTH123  a descriptor
            log.write(text)
    except OSError:
        file.unlink()
        raise
    for old in sorted(folder.glob("amazing-*.log"))[:-MOST_FILES]:
        old.unlink(missing_ok=True)
    return file
