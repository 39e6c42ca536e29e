"""The segment model as MLflow serves it. Imports mlflow: itself imported only by `registry`."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]  # its types are a package of their own
import polars as pl
from mlflow.pyfunc.model import PythonModel

from amazing_assets.models.store import ARTIFACT, mlflow, read
from amazing_assets.segments.behaviour.columns import COUNTS
from amazing_assets.segments.model import SegmentModel

INTEGERS = ("user_id", "n_events_history", "recency_days", "tenure_days", *COUNTS)


def signature(model: SegmentModel) -> Any:  # noqa: ANN401 - mlflow is untyped
    """Return what the served model reads and answers."""
    types, models = mlflow().types, mlflow().models
    special = {"as_of": "datetime", "is_bot_suspect": "boolean"}
    special |= dict.fromkeys(INTEGERS, "long")
    inputs = [types.ColSpec(special.get(name, "double"), name) for name in model.columns]
    answers = {"segment": "long", "segment_name": "string", "margin": "double", "reason": "string"}
    outputs = [
        types.ColSpec(kind, name, required=name == "segment_name") for name, kind in answers.items()
    ]
    return models.ModelSignature(types.Schema(inputs), types.Schema(outputs))


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
