"""The segment model as MLflow serves it: run where it is served, imported by nobody."""

import pandas as pd  # type: ignore[import-untyped]  # its types are a package of their own
import polars as pl
from mlflow.models import set_model

from amazing_assets.models.served import ServedModel
from amazing_assets.segments.stored import ANSWERS, read_model


class ServedSegments(ServedModel):
    """Answers `mlflow models serve -m models:/segments@champion`: features in, segments out."""

    def answered(self, asked: pl.DataFrame) -> pd.DataFrame:
        """Return segment, name, margin and reason of each customer, in their order."""
        features = asked.with_columns(pl.col("as_of").cast(pl.Date))
        frame = self.model.place(features).select(*ANSWERS).to_pandas().astype(object)
        # JSON knows null, not NaN.
        return frame.where(frame.notna(), None)


set_model(ServedSegments(read_model))
