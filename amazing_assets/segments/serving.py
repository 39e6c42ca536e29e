"""The segment model as MLflow serves it. Imports mlflow: itself imported only by `registry`."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]  # its types are a package of their own
import polars as pl
from mlflow.pyfunc.model import PythonModel

from amazing_assets.segments.registry import ARTIFACT, read

ANSWERS = ("segment", "segment_name", "margin", "reason")


class ServedSegments(PythonModel):
    """Answers `mlflow models serve -m models:/segments@champion`: features in, segments out."""

    def load_context(self, context: Any) -> None:  # noqa: ANN401 - MLflow's signature
        """Read the model that was published."""
        self.model = read(Path(context.artifacts[ARTIFACT]))

    def predict(
        self,
        context: Any,  # noqa: ANN401, ARG002 - MLflow's signature
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,  # noqa: ARG002 - MLflow's signature
    ) -> pd.DataFrame:
        """Return segment, name, margin and reason of each customer, in their order."""
        features = pl.from_pandas(model_input).with_columns(pl.col("as_of").cast(pl.Date))
        # The month only labels a table's partition; an answer to a request has none.
        answers = self.model.assign(features, month=date.min).select(ANSWERS)
        frame = answers.to_pandas().astype(object)
        # JSON knows null, not NaN.
        return frame.where(frame.notna(), None)
