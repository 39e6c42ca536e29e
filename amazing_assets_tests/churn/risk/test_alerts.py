from datetime import date
from typing import Any

import polars as pl
import pytest

from amazing_assets.churn.risk.alerts import LEVEL, NO_BETTER, WEAKER, alerts
from amazing_assets.churn.risk.contract import ChurnFeedback
from amazing_assets.lake.contract import schema_of


class Judged:
    """As much of a model as alerts ask for: an AUC of .8 when it was judged."""

    name = "lightgbm"

    def figure(self, name):
        return {"roc_auc": 0.8}.get(name)


def raised(level=1.0, auc=0.8, recency=0.7, before=None):
    common = {"population": "everybody", "item": None}
    rows = [
        {**common, "model": "served", "figure": "told_to_happened", "value": level},
        {**common, "model": "served", "figure": "roc_auc", "value": auc},
        {**common, "model": "recency", "figure": "roc_auc", "value": recency},
    ]
    model: Any = Judged()
    return [row["item"] for row in alerts(model, rows, week_before(before))]


def week_before(auc):
    week = date(2019, 12, 3)
    row = {"week": week, "model": "served", "population": "everybody", "figure": "roc_auc"}
    rows = [] if auc is None else [{**row, "value": auc}]
    return pl.DataFrame(rows, schema=schema_of(ChurnFeedback))


@pytest.mark.parametrize(
    ("known", "codes"),
    [
        ({}, []),
        ({"level": 0.79}, [LEVEL]),
        ({"level": 0.81}, []),
        ({"level": 1.26}, [LEVEL]),
        ({"auc": 0.76}, []),
        ({"auc": 0.76, "before": 0.79}, []),
        ({"auc": 0.76, "before": 0.76}, [WEAKER]),
        ({"auc": 0.78, "before": 0.76}, []),
        ({"recency": 0.8}, [NO_BETTER]),
        ({"level": None, "auc": None}, []),
    ],
)
def test_what_asks_for_a_look(known, codes):
    assert raised(**known) == codes
