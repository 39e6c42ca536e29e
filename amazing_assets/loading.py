"""Code is loaded without looking for garbage in it, and Pandera without a pandas nobody needs."""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class _NoPandas(MetaPathFinder):
    """Tells Pandera's own module, and nobody else, that there is no pandas."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return None: others find what is looked for.

        Raises:
            ModuleNotFoundError: Pandera, while it is loaded, looks for pandas.
        """
        del path, target
        if fullname == "pandas" and _is_being_loaded("pandera"):
            raise ModuleNotFoundError(f"No module named '{fullname}'", name=fullname)
        return None


def _is_being_loaded(module: str) -> bool:
    spec = getattr(sys.modules.get(module), "__spec__", None)
    return bool(getattr(spec, "_initializing", False))


@contextmanager
def without_pandas() -> Iterator[None]:
    """Have Pandera, if it is loaded meanwhile, know frames of Polars only.

    It loads pandas whenever that is installed: a quarter of the time in which all that a command
    needs is loaded. Whoever needs pandas itself finds it, then and later.
    """
    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


@contextmanager
def uncollected() -> Iterator[None]:
    """Load modules and definitions, which live as long as the process.

    Python looked again and again through all objects that were there by then, and found none to
    give back: 0.6 of 4.5 seconds of every command that runs something. Afterwards it looks only at
    what is new.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
