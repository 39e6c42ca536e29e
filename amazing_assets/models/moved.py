"""A home that was moved or copied: MLflow writes whole paths into its store, these follow the home.

With the paths of before, a copied home would read the models of the home that it was copied from,
and a training would write into it.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Where MLflow's store holds places of artefacts.
_COLUMNS = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
)

# Another process may be training: its writes are short.
_PATIENCE_SECONDS = 60

_SQLITE = "sqlite:///"


def follow(tracking_uri: str, artifacts: str, experiment: str) -> str | None:
    """Write the present place of a home's artefacts into its store, if it was another.

    All in one transaction. A store that lies elsewhere than the artefacts is nobody's home and is
    left as it is.

    Args:
        tracking_uri: Of the store.
        artifacts: URI of the folder of artefacts in the home as it lies now.
        experiment: One whose artefacts lie there.

    Returns:
        The place before, of a store that nobody can write to; None: the store is up to date.
    """
    file = _store_of_home(tracking_uri, artifacts)
    if file is None or not file.is_file():
        return None
    with closing(sqlite3.connect(file, _PATIENCE_SECONDS, isolation_level=None)) as store:
        if _moved_from(store, artifacts, experiment) is None:
            return None
        try:
            _rewrite(store, artifacts, experiment)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_READONLY:
                raise
            return _moved_from(store, artifacts, experiment)
    return None


def _store_of_home(tracking_uri: str, artifacts: str) -> Path | None:
    place = urlsplit(artifacts)
    if not tracking_uri.startswith(_SQLITE) or place.scheme != "file":
        return None
    file = Path(tracking_uri.removeprefix(_SQLITE))
    return file if file.parent == Path(unquote(place.path)).parent else None


def _moved_from(store: sqlite3.Connection, artifacts: str, experiment: str) -> str | None:
    """Return where an experiment's artefacts were, if that is on this machine and not there."""
    if "artifact_location" not in _columns_of(store, "experiments"):
        return None
    known = store.execute(
        "select artifact_location from experiments where name = ?", [experiment]
    ).fetchone()
    place = known[0] if known else None
    return place if place and place != artifacts and place.startswith("file:") else None


def _rewrite(store: sqlite3.Connection, artifacts: str, experiment: str) -> None:
    store.execute("begin immediate")
    # Asked again: another process may have been quicker.
    before = _moved_from(store, artifacts, experiment)
    if before is not None:
        for table, column in _COLUMNS:
            if column in _columns_of(store, table):
                store.execute(
                    f"update {table} set {column} = ? || substr({column}, ?) "  # noqa: S608  our own names
                    f"where {column} = ? or substr({column}, 1, ?) = ?",
                    [artifacts, len(before) + 1, before, len(before) + 1, f"{before}/"],
                )
    store.execute("commit")
    if before is not None:
        logging.getLogger(__name__).warning(
            "The home was moved or copied: its models are read and written in %s from now on, no "
            "longer in %s.",
            artifacts,
            before,
        )


def _columns_of(store: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in store.execute(f"pragma table_info({table})")}
