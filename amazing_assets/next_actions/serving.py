"""The next-action model as MLflow serves it: run where it is served, imported by nobody."""

import pandas as pd  # type: ignore[import-untyped]  # its types are a package of their own
import polars as pl
from mlflow.models import set_model

from amazing_assets.models.served import ServedModel
from amazing_assets.next_actions.histories import histories
from amazing_assets.next_actions.stored import read_model


class ServedNextActions(ServedModel):
    """Answers `mlflow models serve -m models:/next_actions@champion`: histories in, vectors out."""

    def answered(self, asked: pl.DataFrame) -> pd.DataFrame:
        """Return the vector of each customer, by pseudonym, at the moment of the last action."""
        steps = asked.sort("user_id", "at", maintain_order=True)
        found = histories(steps, int(steps["at"].max()))  # type: ignore[arg-type]  # a number
        # Asked at the last action of anybody, nobody has been away by more than is known.
        return self.model.answer(found, 0).to_pandas()


set_model(ServedNextActions(read_model))
