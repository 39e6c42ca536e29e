"""The next-action model as MLflow serves it.

MLflow keeps this file beside the model and runs it where the model is served: nobody imports it.
"""

from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]  # its types are a package of their own
import polars as pl
from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel

from amazing_assets.models.store import ARCHIVE
from amazing_assets.next_actions.histories import histories
from amazing_assets.next_actions.stored import read_model


class ServedNextActions(PythonModel):
    """Answers `mlflow models serve -m models:/next_actions@champion`: histories in, vectors out."""

    def load_context(self, context: Any) -> None:  # noqa: ANN401 - MLflow's signature
        """Read the model that was published."""
        self.model = read_model(Path(context.artifacts[ARCHIVE]))

    def predict(
        self,
        context: Any,  # noqa: ANN401, ARG002 - MLflow's signature
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,  # noqa: ARG002 - MLflow's signature
    ) -> pd.DataFrame:
        """Return the vector of each customer, by pseudonym, at the moment of the last action."""
        steps = pl.from_pandas(model_input).sort("user_id", "at", maintain_order=True)
        found = histories(steps, int(steps["at"].max()))  # type: ignore[arg-type]  # a number
        # Asked at the last action of anybody, nobody has been away by more than is known.
        return self.model.answer(found, 0).to_pandas()


set_model(ServedNextActions())
