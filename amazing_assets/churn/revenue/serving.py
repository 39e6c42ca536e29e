"""The law of purchases as MLflow serves it: run where it is served, imported by nobody."""

import pandas as pd  # type: ignore[import-untyped]  # its types are a package of their own
import polars as pl
from mlflow.models import set_model

from amazing_assets.churn.revenue.model import told_by_law
from amazing_assets.churn.revenue.stored import read_model
from amazing_assets.models.served import ServedModel


class ServedValue(ServedModel):
    """Answers what customers will spend by their purchases alone, whichever model serves weeks."""

    def answered(self, asked: pl.DataFrame) -> pd.DataFrame:
        """Return the expected revenue of each customer."""
        told = told_by_law(self.model.law, asked)
        return asked.select("user_id", expected_revenue=pl.Series(told.revenue)).to_pandas()


set_model(ServedValue(read_model))
