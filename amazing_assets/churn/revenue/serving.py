"""The law of purchases as MLflow serves it.

MLflow keeps this file beside the model and runs it where the model is served: nobody imports it.
"""

from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]  # its types are a package of their own
import polars as pl
from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel

from amazing_assets.churn.revenue.model import told_by_law
from amazing_assets.churn.revenue.stored import read_model
from amazing_assets.models.store import ARCHIVE


class ServedValue(PythonModel):
    """Answers what customers will spend by their purchases alone, whichever model serves weeks."""

    def load_context(self, context: Any) -> None:  # noqa: ANN401 - MLflow's signature
        """Read the model that was published."""
        self.model = read_model(Path(context.artifacts[ARCHIVE]))

    def predict(
        self,
        context: Any,  # noqa: ANN401, ARG002 - MLflow's signature
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,  # noqa: ARG002 - MLflow's signature
    ) -> pd.DataFrame:
        """Return the expected revenue of each customer."""
        asked = pl.from_pandas(model_input)
        told = told_by_law(self.model.law, asked)
        return asked.select("user_id", expected_revenue=pl.Series(told.revenue)).to_pandas()


set_model(ServedValue())
