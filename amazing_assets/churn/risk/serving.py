"""A model of risk as MLflow serves it: run where it is served, imported by nobody."""

import pandas as pd  # type: ignore[import-untyped]  # its types are a package of their own
import polars as pl
from mlflow.models import set_model

from amazing_assets.churn.risk.stored import read_model
from amazing_assets.models.served import ServedModel


class ServedRisk(ServedModel):
    """Answers `mlflow models serve -m models:/churn_pause@champion`: customers in, risks out."""

    def answered(self, asked: pl.DataFrame) -> pd.DataFrame:
        """Return the risk of each customer: all whom one asks about, whatever their state."""
        return self.model.scored(asked).to_pandas()


set_model(ServedRisk(read_model))
