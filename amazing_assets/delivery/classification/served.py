"""The classifier as MLflow serves it: run where it is served, imported by nobody."""

import pandas as pd  # type: ignore[import-untyped]  # its types are a package of their own
import polars as pl
from mlflow.models import set_model

from amazing_assets.delivery.classification.packaged import answers, read_packaged
from amazing_assets.models.served import ServedModel


class ServedClassifier(ServedModel):
    """Answers `mlflow models serve -m models:/classifier/1`: raw events in, customers out."""

    def answered(self, asked: pl.DataFrame) -> pd.DataFrame:
        """Return what is known of each customer, by the shop's own ids and in their order."""
        frame = self.model.answer(asked).cast(answers()).to_pandas().astype(object)
        # JSON knows null, not NaN.
        return frame.where(frame.notna(), None)


set_model(ServedClassifier(read_packaged))
