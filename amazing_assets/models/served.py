"""A stored model as MLflow serves it: what every room's `serving.py` has in common.

MLflow keeps that file beside the model and runs it where the model is served: nobody imports it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]  # its types are a package of their own
import polars as pl
from mlflow.pyfunc.model import PythonModel

from amazing_assets.models.store import ARCHIVE


class ServedModel(PythonModel):
    """Answers `mlflow models serve`: a table in, a table out."""

    def __init__(self, read: Callable[[Path], Any]) -> None:
        """Make what reads its model out of a version's archive."""
        super().__init__()
        self.read = read

    def load_context(self, context: Any) -> None:  # noqa: ANN401 - MLflow's signature
        """Read the model that was published."""
        self.model = self.read(Path(context.artifacts[ARCHIVE]))

    def predict(
        self,
        context: Any,  # noqa: ANN401, ARG002 - MLflow's signature
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,  # noqa: ARG002 - MLflow's signature
    ) -> pd.DataFrame:
        """Return what the model answers."""
        return self.answered(pl.from_pandas(model_input))

    def answered(self, asked: pl.DataFrame) -> pd.DataFrame:
        """Return what the model answers to a table with the columns of its signature."""
        raise NotImplementedError
