"""Under which name the packaged classifier is kept."""

from amazing_assets.models.store import RegisteredModel

CLASSIFIER = RegisteredModel("classifier", "classifier", "segment_model")
