"""Under which name segment models are registered, and what is told of their versions."""

from amazing_assets.models.store import RegisteredModel

SEGMENT_MODEL = RegisteredModel("segments", "segment model", "segment_model")

# What `amazing models` tells of a version: the name of each fact, and the tag that holds it.
FACTS = {
    "candidate": "candidate",
    "segments": "k",
    "customers": "customers",
    "threshold": "threshold",
}
