"""Under which name models of value are registered, and what is told of their versions."""

from amazing_assets.models.store import RegisteredModel

# Tags of a version: which model answers, and the reference date of its training.
MODEL, AS_OF = "model", "reference_date"

BASELINE, CHALLENGER = "purchase_law", "boosted_hurdle"

VALUE_MODEL = RegisteredModel(
    "customer_value", "model of what customers will spend", "customer_value"
)

# What `amazing models` tells of a version: the name of each fact, and the tag that holds it.
FACTS = {"model": MODEL, "reference date": AS_OF, "customers": "customers"}
