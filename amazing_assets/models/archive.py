"""How a model is stored: arrays as arrays, tables as Parquet, all else as JSON.

No pickle: what is read is data, whoever wrote it, and a class may move from module to module. A
class is stored under its bare name; `kinds` says which names are known.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
import polars as pl

from amazing_assets.errors import PlainError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# Changes whenever models stored before can no longer be read; a version carries it as a tag.
FORMAT = "1"

_STRUCTURE, _ARRAYS = "model.json", "arrays.npz"


# What reading a damaged file, or one of another version, may end with.
_DAMAGES = (
    OSError,
    EOFError,
    KeyError,
    TypeError,
    ValueError,
    BadZipFile,
    pl.exceptions.PolarsError,
)


class UnreadableModelError(PlainError):
    """A stored model is of another format, or damaged; the message says what to do."""


def write(value: object, folder: Path) -> None:
    """Write a model into a folder of its own.

    Args:
        value: A frozen dataclass, a named tuple, or an estimator of scikit-learn; made of the
            same, of arrays, frames, dates, tuples, dictionaries and plain values.
        folder: Made; holds `model.json`, `arrays.npz` and a Parquet file a frame.

    Raises:
        TypeError: Something in it is of no such kind.
    """
    folder.mkdir(parents=True)
    writer = _Writer(folder)
    structure = {"format": FORMAT, "model": writer.encoded(value)}
    (folder / _STRUCTURE).write_text(json.dumps(structure, indent=1, ensure_ascii=False))
    np.savez_compressed(folder / _ARRAYS, **writer.arrays)


def read(folder: Path, kinds: Iterable[type]) -> Any:  # noqa: ANN401 - whatever was written
    """Return the model that `write` put into a folder.

    Args:
        folder: As given to `write`.
        kinds: Every class that a model may be made of.

    Raises:
        UnreadableModelError: It is of another format, of unknown classes, or damaged.
    """
    try:
        structure = json.loads((folder / _STRUCTURE).read_text())
        if structure["format"] != FORMAT:
            raise UnreadableModelError(f"its format is {structure['format']}, not {FORMAT}")
        # Opened here: numpy leaves a file open that turns out to be none of its own.
        with (
            (folder / _ARRAYS).open("rb") as file,
            np.load(file, allow_pickle=False) as arrays,
        ):
            known = {kind.__name__: kind for kind in kinds}
            return _Reader(folder, arrays, known).decoded(structure["model"])
    except _DAMAGES as error:
        raise UnreadableModelError(f"{type(error).__name__}: {error}") from error


class _Writer:
    def __init__(self, folder: Path) -> None:
        self._folder, self.arrays, self._tables = folder, dict[str, Any](), 0

    def encoded(self, value: object) -> object:  # noqa: PLR0911 - a line for each kind of value
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, np.generic):
            return value.item()
        if isinstance(value, np.ndarray):
            # How scikit-learn keeps the names of columns.
            is_names = value.dtype == object and all(isinstance(name, str) for name in value)
            return {"names": value.tolist()} if is_names else {"array": self._array(value)}
        if isinstance(value, pl.DataFrame):
            return {"table": self._table(value)}
        if isinstance(value, date):
            return {"date": value.isoformat()}
        if isinstance(value, dict):
            return {"dict": [[self.encoded(k), self.encoded(v)] for k, v in value.items()]}
        if isinstance(value, list):
            return {"list": [self.encoded(each) for each in value]}
        if isinstance(value, tuple) and not hasattr(value, "_fields"):
            return {"tuple": [self.encoded(each) for each in value]}
        parts = {name: self.encoded(each) for name, each in _parts(value).items()}
        return {"kind": type(value).__name__, "parts": parts}

    def _array(self, value: np.ndarray[Any, Any]) -> str:
        if value.dtype == object:
            raise TypeError("An array of objects cannot be stored; only numbers and texts can.")
        name = f"a{len(self.arrays)}"
        self.arrays[name] = value
        return name

    def _table(self, value: pl.DataFrame) -> str:
        name = f"table{self._tables}.parquet"
        self._tables += 1
        value.write_parquet(self._folder / name)
        return name


def _parts(value: object) -> Mapping[str, object]:
    if _is_estimator(type(value)):
        return vars(value)
    if isinstance(value, tuple):
        parts: Mapping[str, object] = value._asdict()  # type: ignore[attr-defined]  # named
        return parts
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"A {type(value).__name__} cannot be stored with a model.")


def _is_estimator(kind: type) -> bool:
    # Asked so, because importing scikit-learn takes a second, and few who ask have one.
    return hasattr(kind, "get_params")


class _Reader:
    def __init__(self, folder: Path, arrays: Mapping[str, Any], kinds: Mapping[str, type]) -> None:
        self._folder, self._arrays, self._kinds = folder, arrays, kinds
        self._decoders: dict[str, Callable[[Any], Any]] = {
            "array": self._array,
            "names": lambda names: np.array(names, dtype=object),
            "table": self._table,
            "date": date.fromisoformat,
            "dict": self._dict,
            "list": self._list,
            "tuple": lambda values: tuple(self._list(values)),
        }

    def decoded(self, stored: Any) -> Any:  # noqa: ANN401 - of any kind
        if not isinstance(stored, dict):
            return stored
        if "kind" in stored:
            return self._made(stored["kind"], stored["parts"])
        ((kind, value),) = stored.items()
        return self._decoders[kind](value)

    def _made(self, name: str, stored: Mapping[str, Any]) -> object:
        kind = self._kinds[name]
        parts = {part: self.decoded(value) for part, value in stored.items()}
        if not _is_estimator(kind):
            return kind(**parts)
        # What an estimator has learnt is no argument of it.
        made: Any = object.__new__(kind)
        vars(made).update(parts)
        return made

    def _array(self, name: str) -> np.ndarray[Any, Any]:
        found: np.ndarray[Any, Any] = self._arrays[name]
        return found

    def _table(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self._folder / Path(name).name)

    def _dict(self, pairs: list[list[Any]]) -> dict[Any, Any]:
        return {self.decoded(key): self.decoded(value) for key, value in pairs}

    def _list(self, values: list[Any]) -> list[Any]:
        return [self.decoded(each) for each in values]
