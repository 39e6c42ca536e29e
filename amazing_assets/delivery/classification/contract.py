"""What is answered of a customer, and what every column of it promises."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from amazing_assets.lake.contract import schema_of
from amazing_assets.next_actions.contract import NextActionVectors
from amazing_assets.next_actions.vocabulary import ACTIONS
from amazing_assets.segments.contract import SegmentAssignments

# Of the two tables of the warehouse and the lake; an answer says the same, column by column.
OF_SEGMENTS = ("segment", "segment_name", "name_status", "name_traits", "margin", "reason")
OF_VECTORS = (*ACTIONS, "n_context", "cold_start")

_NO_VECTOR = "Null: no next-action model is in use, or no action is known."


def _customer_answers() -> type[pa.DataFrameModel]:
    kinds: dict[str, object] = {"user_id": pl.Int64, "as_of": pl.Date}
    says = {
        "user_id": "The customer's pseudonym. Never null.",
        "as_of": "Reference date: only events before its 00:00 UTC count. Never null.",
    }
    for name in OF_SEGMENTS:
        kinds[name] = schema_of(SegmentAssignments)[name]
        says[name] = str(SegmentAssignments.to_schema().columns[name].description)
    says["reason"] += " `profiling_stopped`: objected, or was forgotten."
    words = {
        "name_fr": "The segment's name in French, or in brackets why there is none. Never null.",
        "name_en": "The segment's name in English, or in brackets why there is none. Never null.",
        "model_version": "Registered version of the segment model that answered. Never null.",
    }
    vectors = NextActionVectors.to_schema().columns
    for name in OF_VECTORS:
        kinds[name] = schema_of(NextActionVectors)[name]
        says[name] = str(vectors[name].description).replace("Never null.", _NO_VECTOR)
    words["next_action_version"] = (
        "Registered version of the next-action model that answered. Null: none is in use."
    )
    kinds |= dict.fromkeys(words, pl.String)
    says |= words
    required = {name for name, text in says.items() if text.endswith("Never null.")}
    members: dict[str, object] = {
        name: pa.Field(nullable=name not in required, description=text)
        for name, text in says.items()
    }
    members["__annotations__"] = kinds
    members["__doc__"] = "One row per customer who was asked for: segment and next action."
    members["__module__"] = __name__
    members["Config"] = type("Config", (), {"strict": True})
    return type("CustomerAnswers", (pa.DataFrameModel,), members)


CustomerAnswers = _customer_answers()
