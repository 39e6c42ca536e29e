"""The segment model as MLflow serves it.

MLflow keeps this file beside the model and runs it where the model is served: nobody imports it.
"""

from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]  # its types are a package of their own
import polars as pl
from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel

from amazing_assets.models.store import ARCHIVE
from amazing_assets.segments.stored import ANSWERS, read_model


class ServedSegments(PythonModel):
    """Answers `mlflow models serve -m models:/segments@champion`: features in, segments out."""

    def load_context(self, context: Any) -> None:  # noqa: ANN401 - MLflow's signature
        """Read the model that was published."""
        self.model = read_model(Path(context.artifacts[ARCHIVE]))

    def predict(
        self,
        context: Any,  # noqa: ANN401, ARG002 - MLflow's signature
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,  # noqa: ARG002 - MLflow's signature
    ) -> pd.DataFrame:
        """Return segment, name, margin and reason of each customer, in their order."""
        features = pl.from_pandas(model_input).with_columns(pl.col("as_of").cast(pl.Date))
        frame = self.model.place(features).select(*ANSWERS).to_pandas().astype(object)
        # JSON knows null, not NaN.
        return frame.where(frame.notna(), None)


set_model(ServedSegments())
