"""A model of risk as MLflow serves it.

MLflow keeps this file beside the model and runs it where the model is served: nobody imports it.
"""

from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]  # its types are a package of their own
import polars as pl
from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel

from amazing_assets.churn.risk.stored import read_model
from amazing_assets.models.store import ARCHIVE


class ServedRisk(PythonModel):
    """Answers `mlflow models serve -m models:/churn_pause@champion`: customers in, risks out."""

    def load_context(self, context: Any) -> None:  # noqa: ANN401 - MLflow's signature
        """Read the model that was published."""
        self.model = read_model(Path(context.artifacts[ARCHIVE]))

    def predict(
        self,
        context: Any,  # noqa: ANN401, ARG002 - MLflow's signature
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,  # noqa: ARG002 - MLflow's signature
    ) -> pd.DataFrame:
        """Return the risk of each customer: all whom one asks about, whatever their state."""
        asked = pl.from_pandas(model_input)
        return self.model.scored(asked).to_pandas()


set_model(ServedRisk())
